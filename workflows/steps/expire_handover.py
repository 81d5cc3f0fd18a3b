"""Let a handover expire whose term passed without an answer; the program itself does so."""

from workflows.errors import Refused
from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "expire_handover"


class ExpireHandover(Payload):
    """The handover whose term passed."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)


def decide(situation: Situation, payload: ExpireHandover) -> None:
    """Return the handover to its sender the day after its term; both are told."""
    record = current(situation, CODE, payload.handover)
    if record.due_on is None or situation.today <= record.due_on:
        raise Refused("not_due", "De termijn van deze overdracht loopt nog.")
    change(situation, record, CODE)
    situation.tell(record.sender_id, "handover_expired")
    situation.tell(record.target_id, "handover_expired")


STEP = Step(
    code=CODE,
    label="Overdracht laten verlopen",
    payload=ExpireHandover,
    permission=Permission.EXPIRE_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Sluit een overdracht waarvan de termijn voorbij is.",
)
