"""Messages that no step leaves: reminders and escalations, each occasion once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from models import Outbox
from workflows.moment import Moment
from workflows.trail import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message about a case to an organisation, or to one user of it.

    `topic` is a key of `TOPICS`. Two messages of the same `occasion` are one message: name in it
    all that makes it another, such as the case, the term, the day it falls due and the receiver.
    """

    case_id: int
    organisation_id: int
    topic: str
    occasion: str
    user_id: int | None = None


def leave_messages(connection: Connection, messages: Sequence[Message], moment: Moment) -> int:
    """Leave messages in the outbox, and return how many of them were not left before."""
    if not messages:
        return 0
    at = now(connection, moment)
    rows = [
        {
            "case_id": each.case_id,
            "organisation_id": each.organisation_id,
            "topic": each.topic,
            "occasion": each.occasion,
            "user_id": each.user_id,
            "recorded_at": at,
        }
        for each in messages
    ]
    left = connection.scalars(
        insert(Outbox)
        .values(rows)
        .on_conflict_do_nothing(index_elements=[Outbox.occasion])
        .returning(Outbox.id)
    ).all()
    ring_after_commit(connection)
    return len(left)


RING = "messages left"


def ring_after_commit(connection: Connection) -> None:
    """Mark the transaction, so that its end wakes whoever delivers."""
    connection.info[RING] = True
