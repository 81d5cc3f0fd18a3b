"""Record the move from temporary to permanent housing; it posts no second realisation."""

from datetime import date

from models.vocabulary import CaseState, HousingKind
from workflows.counting import follow_counting
from workflows.errors import Refused
from workflows.guards import not_before, not_future
from workflows.payload import Audience, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class MoveOn(Payload):
    """When the household moved on to a home of its own."""

    moved_on: date = entry(
        "Verhuisd op",
        Widget.DATE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om te weten waar het huishouden woont.",
    )


def decide(situation: Situation, payload: MoveOn) -> None:
    """Change the kind of housing to a regular home."""
    not_future(situation, payload.moved_on, "moved_on")
    case = situation.case
    if case.housing_kind == HousingKind.REGULAR_HOME:
        raise Refused("regular", "Dit huishouden woont al in een eigen woning.")
    not_before(
        payload.moved_on,
        case.housed_on,
        "moved_on",
        "Doorverhuizen kan niet voor de eerste verhuizing van {earliest}.",
    )
    situation.facts["moved_from"] = case.housing_kind
    case.housing_kind = HousingKind.REGULAR_HOME
    follow_counting(situation, payload.moved_on)
    situation.tell(case.agency_id, "moved_on")


STEP = Step(
    code="move_on",
    label="Doorverhuizen",
    payload=MoveOn,
    permission=Permission.MOVE_ON,
    decide=decide,
    starts_from=frozenset({CaseState.HOUSED, CaseState.CLOSED}),
    needs=frozenset({Need.MEMBERS}),
    explanation="Leg de verhuizing van tijdelijke naar eigen woonruimte vast.",
)
