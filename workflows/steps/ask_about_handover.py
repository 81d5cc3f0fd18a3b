"""Ask the sender of a handover something."""

from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import OptionalReference, Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "ask_about_handover"


class AskAboutHandover(Payload):
    """A question of the municipality."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    question: Prose = entry("Vraag", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: AskAboutHandover) -> None:
    """Put the question in the thread of the handover and tell its sender."""
    record = current(situation, CODE, payload.handover)
    change(situation, record, CODE)
    situation.tell(record.sender_id, "handover_question")


STEP = Step(
    code=CODE,
    label="Vraag stellen over de overdracht",
    payload=AskAboutHandover,
    permission=Permission.ASK_ABOUT_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Vraag het COA wat nog niet duidelijk is.",
)
