"""End a case without a home."""

from datetime import date

from models.vocabulary import CaseState, EndReason, HandoverEnd, MembershipEnd
from workflows.errors import Refused
from workflows.guards import LIVE, not_before, not_future
from workflows.household import leave_all
from workflows.linking import untie
from workflows.payload import OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class End(Payload):
    """Why and since when the household no longer waits."""

    reason: EndReason = entry("Reden", Widget.CHOICE)
    ended_on: date = entry("Datum", Widget.DATE)
    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: End) -> CaseState:
    """Release the room; a realisation stays counted."""
    not_future(situation, payload.ended_on, "ended_on")
    case = situation.case
    not_before(
        payload.ended_on,
        case.permit_on,
        "ended_on",
        "Deze datum ligt voor de vergunning van {earliest}.",
    )
    if payload.reason in {EndReason.MERGED, EndReason.REFUSAL_UNJUSTIFIED}:
        raise Refused("reason", "Deze reden volgt uit een andere handeling.", "reason")
    if case.municipality_code is not None:
        untie(situation, "end", HandoverEnd.CASE_ENDED)
    case.end_reason = payload.reason
    leave_all(situation, MembershipEnd.CASE_ENDED, payload.ended_on)
    return CaseState.ENDED


STEP = Step(
    code="end",
    label="Dossier beëindigen",
    payload=End,
    permission=Permission.END,
    decide=decide,
    starts_from=LIVE,
    ends_in=frozenset({CaseState.ENDED}),
    needs=frozenset({Need.MEMBERS, Need.OFFER, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    lets_go=True,
    explanation="Beëindig een dossier zonder huisvesting.",
)
