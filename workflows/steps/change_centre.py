"""Move a household to another reception centre."""

from datetime import date

from models.vocabulary import StayPlace
from workflows.errors import Refused
from workflows.guards import LIVE, not_future
from workflows.payload import Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class ChangeCentre(Payload):
    """Where the household went, and since when."""

    centre: Reference = entry("Nieuwe opvanglocatie", Widget.CENTRE)
    moved_on: date = entry("Sinds", Widget.DATE)


def decide(situation: Situation, payload: ChangeCentre) -> None:
    """Move the responsibility to the other centre's unassigned queue."""
    not_future(situation, payload.moved_on, "moved_on")
    case = situation.case
    centre_id, region_id = situation.places.centre(payload.centre)
    if centre_id == case.centre_id:
        raise Refused("same", "Het huishouden verblijft al op deze locatie.", "centre")
    situation.tell(case.agency_id, "centre_left")
    case.centre_id, case.region_id = centre_id, region_id
    case.assignee_id = None
    case.stay_place = StayPlace.CENTRE
    situation.facts["centre"] = centre_id
    situation.facts["region"] = region_id
    situation.tell(centre_id, "centre_entered")


STEP = Step(
    code="change_centre",
    label="Andere opvanglocatie",
    payload=ChangeCentre,
    permission=Permission.CHANGE_CENTRE,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset({Need.PLACES}),
    explanation="Leg vast dat het huishouden naar een andere locatie is verhuisd.",
)
