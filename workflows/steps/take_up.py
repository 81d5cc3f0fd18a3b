"""Take up a link: the municipality names its contact and its scenario."""

from models.vocabulary import CaseState, Scenario
from workflows.errors import Refused
from workflows.payload import OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class TakeUp(Payload):
    """How the municipality takes the household up."""

    scenario: Scenario = entry("Scenario", Widget.CHOICE, default=Scenario.COMBINED)
    colleague: OptionalReference = entry(
        "Contactpersoon", Widget.USER, default=None, help_text="Leeg: uzelf."
    )


def decide(situation: Situation, payload: TakeUp) -> CaseState:
    """Name the contact person, by default the actor."""
    case = situation.case
    case.scenario = payload.scenario
    case.municipal_contact_id = situation.actor.user_id
    if payload.colleague is not None:
        found = situation.places.colleagues.get(payload.colleague)
        if found is None or situation.linked_organisation_id not in found[1]:
            raise Refused(
                "not_a_colleague", "Deze collega werkt niet bij uw gemeente.", "colleague"
            )
        case.municipal_contact_id = found[0]
    situation.tell(case.agency_id, "taken_up")
    return CaseState.PREPARING


STEP = Step(
    code="take_up",
    label="Koppeling oppakken",
    payload=TakeUp,
    permission=Permission.TAKE_UP,
    decide=decide,
    starts_from=frozenset({CaseState.LINKED}),
    ends_in=frozenset({CaseState.PREPARING}),
    needs=frozenset({Need.COLLEAGUES}),
    explanation="Pak de koppeling op en noem wie het huishouden begeleidt.",
)
