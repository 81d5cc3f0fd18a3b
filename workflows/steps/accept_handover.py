"""Accept a handover: from now on the municipality is responsible."""

from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "accept_handover"


class AcceptHandover(Payload):
    """The handover that is accepted."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)


def decide(situation: Situation, payload: AcceptHandover) -> None:
    """Make the municipality responsible; the quota is moved by the sign-off only."""
    record = current(situation, CODE, payload.handover)
    change(situation, record, CODE, accepted_at=situation.reference.recorded_at)
    situation.tell(record.sender_id, "handover_accepted")


STEP = Step(
    code=CODE,
    label="Overdracht accepteren",
    payload=AcceptHandover,
    permission=Permission.ACCEPT_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Neem de verantwoordelijkheid voor dit huishouden over.",
)
