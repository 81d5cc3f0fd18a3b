"""Record that a household refuses a dwelling."""

from models import HousingOffer
from models.vocabulary import CaseState, OfferStatus, RefusalReason
from workflows.errors import Refused
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class RefuseOffer(Payload):
    """Why the household refuses, and that it was warned."""

    reason: RefusalReason = entry("Reden", Widget.CHOICE)
    explanation: Prose = entry("Toelichting", Widget.PROSE, personal=True)
    warned: bool = entry("Gewaarschuwd voor de gevolgen", Widget.YES_NO)
    children_weighed: bool = entry("Belang van kinderen gewogen", Widget.YES_NO)


def decide(situation: Situation, payload: RefuseOffer) -> CaseState:
    """Put the refusal before the COA region."""
    if not payload.warned:
        raise Refused(
            "not_warned",
            "Waarschuw het huishouden eerst voor de gevolgen van een weigering.",
            "warned",
        )
    if situation.offer is not None:
        situation.update(
            HousingOffer,
            situation.offer["id"],
            status=OfferStatus.REFUSED,
            refusal_reason=payload.reason,
            warned=payload.warned,
            children_weighed=payload.children_weighed,
        )
    situation.tell(situation.case.region_id, "offer_refused")
    situation.tell(situation.linked_organisation_id, "offer_refused")
    return CaseState.REFUSED


STEP = Step(
    code="refuse_offer",
    label="Weigering vastleggen",
    payload=RefuseOffer,
    permission=Permission.REFUSE_OFFER,
    decide=decide,
    starts_from=frozenset({CaseState.OFFERED}),
    ends_in=frozenset({CaseState.REFUSED}),
    needs=frozenset({Need.OFFER}),
    explanation="Leg vast waarom het huishouden de woning weigert.",
)
