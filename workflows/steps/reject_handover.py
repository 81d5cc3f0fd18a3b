"""Reject a handover with a reason; it returns to its sender."""

from models.vocabulary import RejectionReason
from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import OptionalReference, Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "reject_handover"


class RejectHandover(Payload):
    """Why the municipality does not take the household over."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    reason: RejectionReason = entry("Reden", Widget.CHOICE)
    explanation: Prose = entry(
        "Toelichting", Widget.PROSE, help_text="Het COA leest dit.", personal=True
    )


def decide(situation: Situation, payload: RejectHandover) -> None:
    """Return the handover to the queue of its sender, who reads why."""
    record = current(situation, CODE, payload.handover)
    change(situation, record, CODE, reason=payload.reason, explanation=payload.explanation)
    situation.tell(record.sender_id, "handover_rejected")


STEP = Step(
    code=CODE,
    label="Overdracht afwijzen",
    payload=RejectHandover,
    permission=Permission.REJECT_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Stuur de overdracht met een reden terug naar het COA.",
)
