"""Record hours and results of preparation for integration."""

from datetime import date
from typing import Annotated

from models import Preparation
from models.vocabulary import LanguageLevel, PreparationModule, PreparationResult
from workflows.errors import Refused
from workflows.guards import LINKED_STATES, not_before, not_future
from workflows.payload import Audience, Blank, Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.rules.household import is_adult
from workflows.rules.norms import NormCode, norm_on
from workflows.situation import Situation
from workflows.step import Need, Step

PROGRESS = "Laat de gemeente zien hoe ver de voorbereiding is."


class RecordPreparation(Payload):
    """One day of one adult in one module."""

    member: Reference = entry("Volwassene", Widget.MEMBER)
    module: PreparationModule = entry(
        "Onderdeel",
        Widget.CHOICE,
        audience=Audience.RECEIVER,
        purpose=PROGRESS,
    )
    on_date: date = entry("Datum", Widget.DATE)
    hours: int = entry(
        "Uren", Widget.NUMBER, audience=Audience.RECEIVER, purpose=PROGRESS, ge=0, le=24
    )
    result: PreparationResult = entry(
        "Resultaat",
        Widget.CHOICE,
        default=PreparationResult.IN_PROGRESS,
        audience=Audience.RECEIVER,
        purpose=PROGRESS,
    )
    level: Annotated[LanguageLevel | None, Blank] = entry(
        "Bereikt niveau Nederlands",
        Widget.CHOICE,
        default=None,
        personal=True,
        audience=Audience.RECEIVER,
        purpose=PROGRESS,
    )


def decide(situation: Situation, payload: RecordPreparation) -> None:
    """Store a day of preparation within the hours that a day allows."""
    not_future(situation, payload.on_date, "on_date")
    member = situation.member(payload.member)
    if payload.on_date < member.birth_date or not is_adult(member.birth_date, payload.on_date):
        raise Refused("minor", "Voorbereiding is alleen voor volwassenen.", "member")
    not_before(
        payload.on_date,
        situation.case.linked_on,
        "on_date",
        "Voorbereiding telt vanaf de koppeling op {earliest}.",
    )
    ceiling = norm_on(situation.reference.norms, NormCode.PREPARATION_DAY, payload.on_date).amount
    earlier = sum(
        hours
        for (person, _, day), hours in situation.preparation_today.items()
        if person == member.person_id and day == payload.on_date
    )
    if earlier + payload.hours > ceiling:
        raise Refused(
            "too_many_hours",
            "Op een dag kan ten hoogste {ceiling} uur; er staat al {earlier} uur.",
            "hours",
            {"ceiling": ceiling, "earlier": earlier},
        )
    situation.person_id = member.person_id
    situation.insert(
        Preparation,
        person_id=member.person_id,
        case_id=situation.case.id,
        module=payload.module,
        on_date=payload.on_date,
        hours=payload.hours,
        result=payload.result,
        level=payload.level,
    )


STEP = Step(
    code="record_preparation",
    label="Voorbereiding vastleggen",
    payload=RecordPreparation,
    permission=Permission.RECORD_PREPARATION,
    decide=decide,
    starts_from=LINKED_STATES,
    needs=frozenset({Need.MEMBERS, Need.PREPARATION}),
    explanation="Leg lessen en begeleiding van een volwassene vast.",
    per_adult=True,
)
