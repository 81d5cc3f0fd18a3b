"""A run of long work in the background belongs to the user who started it."""

from typing import Any

from sqlalchemy import Connection, Row, select

from models import BulkRun, MatchingRun
from workflows.actor import Actor
from workflows.one_row import one_row

RunTable = type[BulkRun] | type[MatchingRun]


def own_run(
    connection: Connection,
    table: RunTable,
    actor: Actor,
    reference: str,
    *,
    lock: bool = False,
) -> Row[*tuple[Any, ...]]:
    """Return a run of the actor's own, at will locked; raises `NotFound` for all others."""
    statement = select(table.__table__).where(
        table.reference == reference, table.actor_id == actor.user_id
    )
    if lock:
        statement = statement.with_for_update(key_share=True)
    return one_row(connection, statement)
