"""Whatever a step tells has a topic, with words and a kind."""

import ast
from collections.abc import Iterable

from models.vocabulary import RefusalJudgment, Term
from tests.architecture.sources import Source, python
from workflows.deadlines.receivers import topic_of
from workflows.notices.topics import TOPICS
from workflows.rules.stages import stages_of

# Told with a code of the payload behind it.
COMPOSED = {f"refusal_{judgment}" for judgment in RefusalJudgment}


def told(sources: Iterable[Source]) -> set[str]:
    """Return the topics of messages that the workflows leave."""
    found = set()
    for source in sources:
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="tell"), args=[_, ast.Constant(value=str(topic))]
                ):
                    found.add(topic)
    return found


ALERTS = {topic_of(term, stage) for term in Term for stage in stages_of(term)}


def test_every_topic_is_known_holds() -> None:
    assert (told(python("workflows")) | COMPOSED | ALERTS) - set(TOPICS) == set()


def test_every_topic_is_known_catches_a_planted_violation() -> None:
    planted = Source("workflows/steps/a.py", "situation.tell(target, 'surprise')")
    assert told([planted]) - set(TOPICS) == {"surprise"}
