"""Record whether an adult works or studies some time after housing, or correct what was recorded.

The municipality may do so for two years (purpose limitation, AVG art. 5). A correction adds an
outcome that names the one it corrects; the newest holds.
"""

from datetime import date
from typing import Literal

from models import Outcome
from models.vocabulary import CaseState, OutcomeKind
from workflows.errors import Refused
from workflows.guards import not_before, not_future
from workflows.payload import Audience, OptionalProse, Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.records import MemberRecord
from workflows.rules.household import is_adult
from workflows.rules.outcomes import measured_from, measured_until
from workflows.situation import Situation
from workflows.step import Need, Step


class RecordOutcome(Payload):
    """What the adult does, measured on a day."""

    member: Reference = entry("Wie", Widget.MEMBER)
    kind: OutcomeKind = entry(
        "Werk of studie",
        Widget.CHOICE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig voor begeleiding naar werk en onderwijs in de gemeente.",
    )
    months_after: Literal["6", "12", "24"] = entry("Maanden na huisvesting", Widget.CHOICE)
    measured_on: date = entry(
        "Gemeten op",
        Widget.DATE,
        help_text="Op zijn vroegst een maand voordat de maanden om zijn.",
    )
    wrong: OptionalProse = entry(
        "Wat was er fout",
        Widget.PROSE,
        default=None,
        personal=True,
        help_text="Alleen als u een eerdere uitkomst verbetert; die blijft zichtbaar.",
    )


def decide(situation: Situation, payload: RecordOutcome) -> None:
    """Store the outcome of an adult who lives in the municipality."""
    member = situation.member(payload.member)
    months = int(payload.months_after)
    _demand_measurable(situation, payload, member, months)
    corrected = _corrected(situation, payload, member.person_id, months)
    situation.person_id = member.person_id
    situation.insert(
        Outcome,
        person_id=member.person_id,
        case_id=situation.case.id,
        kind=payload.kind,
        measured_on=payload.measured_on,
        months_after=months,
        corrects=corrected,
        recorded_at=situation.reference.recorded_at,
    )


def _demand_measurable(
    situation: Situation, payload: RecordOutcome, member: MemberRecord, months: int
) -> None:
    """Refuse a measurement of who did not move, is a child, or was measured at another time."""
    not_future(situation, payload.measured_on, "measured_on")
    if member.housed_on is None:
        raise Refused("not_moved", "Deze persoon is nog niet verhuisd.", "member")
    not_before(
        payload.measured_on,
        measured_from(member.housed_on, months),
        "measured_on",
        "Deze meting kan op zijn vroegst op {earliest}.",
    )
    if not is_adult(member.birth_date, payload.measured_on):
        raise Refused("minor", "Deze persoon was toen nog geen 18 jaar.", "member")
    latest = measured_until(member.housed_on, months)
    if latest is not None and payload.measured_on > latest:
        raise Refused(
            "too_late",
            "Deze meting kon tot en met {latest}. Kies een later aantal maanden.",
            "months_after",
            {"latest": latest.strftime("%d-%m-%Y")},
        )


def _corrected(
    situation: Situation, payload: RecordOutcome, person_id: int, months: int
) -> int | None:
    """Return the outcome that this one corrects, None for a first one."""
    held = next(
        (
            each.id
            for each in situation.outcomes
            if (each.person_id, each.months_after) == (person_id, months)
        ),
        None,
    )
    if held is not None and payload.wrong is None:
        raise Refused(
            "recorded",
            "Deze meting staat er al. Schrijf wat er fout was als u haar wilt verbeteren.",
            "wrong",
        )
    if held is None and payload.wrong is not None:
        raise Refused("not_recorded", "Er is nog geen uitkomst die u kunt verbeteren.", "wrong")
    return held


STEP = Step(
    code="record_outcome",
    label="Werk of studie vastleggen",
    payload=RecordOutcome,
    permission=Permission.RECORD_OUTCOME,
    decide=decide,
    starts_from=frozenset({CaseState.HOUSED, CaseState.CLOSED}),
    needs=frozenset({Need.MEMBERS, Need.OUTCOMES}),
    per_adult=True,
    explanation="Leg 6, 12 of 24 maanden na huisvesting vast of iemand werkt of studeert.",
)
