"""Answer what a municipality asked about a handover."""

from workflows.guards import HANDOVER_STATES
from workflows.handover.record import change, current
from workflows.payload import Audience, OptionalReference, Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "answer_about_handover"


class AnswerAboutHandover(Payload):
    """An answer of the sender."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    answer: Prose = entry(
        "Antwoord",
        Widget.PROSE,
        personal=True,
        audience=Audience.RECEIVER,
        purpose="Beantwoordt de vraag van de gemeente.",
    )


def decide(situation: Situation, payload: AnswerAboutHandover) -> None:
    """Put the answer in the thread of the handover and tell its receiver."""
    record = current(situation, CODE, payload.handover)
    change(situation, record, CODE)
    situation.tell(record.target_id, "handover_answer")


STEP = Step(
    code=CODE,
    label="Vraag over de overdracht beantwoorden",
    payload=AnswerAboutHandover,
    permission=Permission.ANSWER_ABOUT_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER}),
    explanation="Beantwoord de vraag van de gemeente.",
)
