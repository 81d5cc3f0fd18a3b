"""Record whether an adult works or studies some time after housing."""

from datetime import date
from typing import Literal

from models import Outcome
from models.vocabulary import CaseState, OutcomeKind
from workflows.errors import Refused
from workflows.guards import not_before, not_future
from workflows.payload import Audience, Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class RecordOutcome(Payload):
    """What the adult does, measured on a day."""

    member: Reference = entry("Wie", Widget.MEMBER)
    kind: OutcomeKind = entry("Werk of studie", Widget.CHOICE, audience=Audience.MUNICIPALITY)
    months_after: Literal["6", "12", "24"] = entry("Maanden na huisvesting", Widget.CHOICE)
    measured_on: date = entry("Gemeten op", Widget.DATE)


def decide(situation: Situation, payload: RecordOutcome) -> None:
    """Store the outcome of a member who lives in the municipality."""
    not_future(situation, payload.measured_on, "measured_on")
    member = situation.member(payload.member)
    if member.housed_on is None:
        raise Refused("not_moved", "Deze persoon is nog niet verhuisd.", "member")
    not_before(
        payload.measured_on,
        member.housed_on,
        "measured_on",
        "Deze datum ligt voor de verhuizing van {earliest}.",
    )
    situation.person_id = member.person_id
    situation.insert(
        Outcome,
        person_id=member.person_id,
        case_id=situation.case.id,
        kind=payload.kind,
        measured_on=payload.measured_on,
        months_after=int(payload.months_after),
        recorded_at=situation.reference.recorded_at,
    )


STEP = Step(
    code="record_outcome",
    label="Werk of studie vastleggen",
    payload=RecordOutcome,
    permission=Permission.RECORD_OUTCOME,
    decide=decide,
    starts_from=frozenset({CaseState.HOUSED, CaseState.CLOSED}),
    needs=frozenset({Need.MEMBERS}),
    explanation="Leg 6, 12 of 24 maanden na huisvesting vast of iemand werkt of studeert.",
)
