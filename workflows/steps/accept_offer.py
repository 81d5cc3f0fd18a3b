"""Accept an offered dwelling."""

from models import HousingOffer
from models.vocabulary import CaseState, OfferStatus
from workflows.guards import not_before
from workflows.payload import Audience, OptionalDate, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class AcceptOffer(Payload):
    """When the household viewed or will view the dwelling."""

    viewing_on: OptionalDate = entry(
        "Datum bezichtiging",
        Widget.DATE,
        default=None,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om de woning te laten zien.",
    )


def decide(situation: Situation, payload: AcceptOffer) -> CaseState:
    """Accept the open offer."""
    if situation.offer is not None:
        if payload.viewing_on is not None:
            not_before(
                payload.viewing_on,
                situation.offer["offered_on"],
                "viewing_on",
                "De bezichtiging kan niet voor het aanbod van {earliest} liggen.",
            )
        situation.update(
            HousingOffer,
            situation.offer["id"],
            status=OfferStatus.ACCEPTED,
            viewing_on=payload.viewing_on,
        )
    situation.tell(situation.linked_organisation_id, "offer_accepted")
    return CaseState.MOVING


STEP = Step(
    code="accept_offer",
    label="Woning accepteren",
    payload=AcceptOffer,
    permission=Permission.ACCEPT_OFFER,
    decide=decide,
    starts_from=frozenset({CaseState.OFFERED}),
    ends_in=frozenset({CaseState.MOVING}),
    needs=frozenset({Need.OFFER}),
    explanation="Leg vast dat het huishouden de woning accepteert.",
)
