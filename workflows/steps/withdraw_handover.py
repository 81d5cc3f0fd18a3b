"""Withdraw a handover that was not accepted yet."""

from models.vocabulary import WithdrawalReason
from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import OptionalProse, OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "withdraw_handover"


class WithdrawHandover(Payload):
    """Why the sender takes the handover back."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    reason: WithdrawalReason = entry("Reden", Widget.CHOICE)
    explanation: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: WithdrawHandover) -> None:
    """Take the handover back; the municipality no longer sees what it added."""
    record = current(situation, CODE, payload.handover)
    change(situation, record, CODE, reason=payload.reason, explanation=payload.explanation)
    if record.offered_at is not None:
        situation.tell(record.target_id, "handover_withdrawn")


STEP = Step(
    code=CODE,
    label="Overdracht intrekken",
    payload=WithdrawHandover,
    permission=Permission.WITHDRAW_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Trek de overdracht in zolang de gemeente haar niet heeft geaccepteerd.",
)
