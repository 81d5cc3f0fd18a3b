"""Files that a worker makes: asked for by a user, complete or refused, and theirs alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from models import PreparedFile, PreparedStatus
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.trail import now

KEPT = timedelta(days=1)


class Order(NamedTuple):
    """What a worker is to make, and for whom."""

    reference: str
    actor_id: int
    question: dict[str, str]
    format: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Where a file stands; `rows` and `content` once it is ready."""

    reference: str
    question: dict[str, str]
    format: str
    status: str
    rows: int | None
    content: bytes | None


def ask(
    connection: Connection, actor: Actor, question: Mapping[str, str], form: str, moment: Moment
) -> str:
    """Ask for a file and return its reference; one that waits already is not asked for twice.

    Raises `NotFound` for who may not see the standing.
    """
    policy.demand(actor, Permission.VIEW_STANDING)
    row = PreparedFile
    waiting = connection.scalar(
        select(row.reference).where(
            row.actor_id == actor.user_id,
            row.status == PreparedStatus.WAITING,
            row.format == form,
            row.question == dict(question),
        )
    )
    if waiting is not None:
        return waiting
    reference = moment.new_reference()
    connection.execute(
        insert(row).values(
            reference=reference,
            actor_id=actor.user_id,
            question=dict(question),
            format=form,
            status=PreparedStatus.WAITING,
            asked_at=now(connection, moment),
        )
    )
    return reference


def prepared(connection: Connection, actor: Actor, reference: str) -> Prepared:
    """Return a file of the actor's own; raises `NotFound` for any other."""
    row = PreparedFile
    found = connection.execute(
        select(row.reference, row.question, row.format, row.status, row.rows, row.content).where(
            row.reference == reference, row.actor_id == actor.user_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return Prepared(*found)


def waiting(connection: Connection) -> list[str]:
    """Return the files that are still to be made, the oldest first."""
    row = PreparedFile
    statement = select(row.reference).where(row.status == PreparedStatus.WAITING)
    return list(connection.scalars(statement.order_by(row.id)))


def take_order(connection: Connection, reference: str) -> Order | None:
    """Take a file to make until the commit; None when it is made, or another worker has it."""
    row = PreparedFile
    found = connection.execute(
        select(row.reference, row.actor_id, row.question, row.format)
        .where(row.reference == reference, row.status == PreparedStatus.WAITING)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if found is None else Order(*found)


def finish(
    connection: Connection, reference: str, moment: Moment, made: tuple[bytes, int] | None
) -> None:
    """Keep a file with its number of rows; None refuses it."""
    content, rows = made or (None, None)
    connection.execute(
        update(PreparedFile)
        .where(PreparedFile.reference == reference)
        .values(
            status=PreparedStatus.REFUSED if made is None else PreparedStatus.READY,
            finished_at=now(connection, moment),
            content=content,
            rows=rows,
        )
    )


def drop_old(connection: Connection, moment: Moment) -> int:
    """Delete files that were finished more than a day ago, and return how many."""
    before = now(connection, moment) - KEPT
    return connection.execute(
        delete(PreparedFile).where(PreparedFile.finished_at < before)
    ).rowcount
