"""Place an unaccompanied minor in the care of the guardian organisation."""

from datetime import date
from typing import Literal

from models import Membership, Task
from models.vocabulary import CaseKind, CaseState, HousingKind, TaskKind, TitleKind
from workflows.counting import follow_counting
from workflows.errors import Refused
from workflows.guards import not_before, not_future
from workflows.payload import Audience, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.household import ADULT_AGE, birthday
from workflows.rules.norms import NormCode, add_months, norm_on
from workflows.situation import Situation
from workflows.step import Need, Step


class PlaceMinor(Payload):
    """Where and when the minor was placed."""

    placed_on: date = entry(
        "Geplaatst op",
        Widget.DATE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om te weten waar de minderjarige woont.",
    )
    placement: Literal["small_scale_reception", "reception_unit"] = entry(
        "Soort opvang",
        Widget.CHOICE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om te weten waar de minderjarige woont.",
    )


def decide(situation: Situation, payload: PlaceMinor) -> CaseState:
    """Place the minor, and put turning 18 on the guardian's list in time."""
    not_future(situation, payload.placed_on, "placed_on")
    case = situation.case
    if case.kind != CaseKind.UNACCOMPANIED_MINOR:
        raise Refused("not_minor", "Plaatsing is alleen voor een AMV.")
    not_before(
        payload.placed_on,
        case.permit_on,
        "placed_on",
        "Deze datum ligt voor de vergunning van {earliest}.",
    )
    for member in situation.members:
        not_before(
            payload.placed_on, member.birth_date, "placed_on", "De geboortedatum is {earliest}."
        )
    case.contested_on = None
    case.title_kind = TitleKind.GUARDIAN_PLACEMENT
    case.title_on = case.housed_on = payload.placed_on
    case.housing_kind = HousingKind(payload.placement)
    notice = norm_on(situation.reference.norms, NormCode.ADULTHOOD_NOTICE, payload.placed_on).amount
    for member in situation.members:
        member.housed_on = payload.placed_on
        situation.update(Membership, member.membership_id, housed_on=payload.placed_on)
        due_on = add_months(birthday(member.birth_date, ADULT_AGE), -notice)
        # What is due already was put on the list by the day itself.
        if due_on > situation.today:
            situation.insert(
                Task,
                organisation_id=case.guardian_id or case.region_id,
                case_id=case.id,
                person_id=member.person_id,
                kind=TaskKind.TURNS_18,
                due_on=due_on,
            )
    follow_counting(situation)
    situation.tell(situation.linked_organisation_id, "minor_placed")
    return CaseState.HOUSED


STEP = Step(
    code="place_minor",
    label="AMV plaatsen",
    payload=PlaceMinor,
    permission=Permission.PLACE_MINOR,
    decide=decide,
    starts_from=frozenset({CaseState.LINKED, CaseState.PREPARING}),
    ends_in=frozenset({CaseState.HOUSED}),
    needs=frozenset({Need.MEMBERS}),
    explanation="Leg de plaatsing van een AMV door Nidos vast.",
)
