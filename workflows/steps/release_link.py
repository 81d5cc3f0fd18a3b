"""Release a link without housing, so that the household can be linked anew."""

from models.vocabulary import CaseState, ReleaseReason
from workflows.guards import LINKED_STATES
from workflows.linking import untie
from workflows.payload import OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class ReleaseLink(Payload):
    """Why the link ends."""

    reason: ReleaseReason = entry("Reden", Widget.CHOICE)
    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, _payload: ReleaseLink) -> CaseState:
    """Release the room and withdraw what was offered."""
    untie(situation, "release_link")
    return CaseState.SCREENED


STEP = Step(
    code="release_link",
    label="Ontkoppelen",
    payload=ReleaseLink,
    permission=Permission.RELEASE_LINK,
    decide=decide,
    starts_from=LINKED_STATES,
    ends_in=frozenset({CaseState.SCREENED}),
    needs=frozenset({Need.OFFER, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    explanation="Maak de koppeling ongedaan; de ruimte komt vrij.",
)
