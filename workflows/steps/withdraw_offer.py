"""Withdraw an offered dwelling."""

from models import HousingOffer
from models.vocabulary import CaseState, OfferStatus
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class WithdrawOffer(Payload):
    """Why the dwelling is no longer to be had."""

    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


def decide(situation: Situation, _payload: WithdrawOffer) -> CaseState:
    """Return the case to the search for a dwelling."""
    case = situation.case
    if situation.offer is not None:
        situation.update(
            HousingOffer, situation.offer["id"], status=OfferStatus.WITHDRAWN, judgment=None
        )
    case.offer_id = None
    case.title_kind = case.title_on = case.move_planned_on = None
    situation.tell(case.agency_id, "offer_withdrawn")
    return CaseState.PREPARING


STEP = Step(
    code="withdraw_offer",
    label="Woningaanbod intrekken",
    payload=WithdrawOffer,
    permission=Permission.WITHDRAW_OFFER,
    decide=decide,
    starts_from=frozenset({CaseState.OFFERED, CaseState.MOVING}),
    ends_in=frozenset({CaseState.PREPARING}),
    needs=frozenset({Need.OFFER}),
    explanation="Trek het aanbod in; de gemeente zoekt een andere woning.",
)
