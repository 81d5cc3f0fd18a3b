"""The only place that commits: one transaction per unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import Connection, Engine

from webapp.bell import ring
from workflows.notices.outbox import RING


def database() -> Engine:
    """Return the engine of the running application."""
    engine: Engine = current_app.extensions["database"]
    return engine


@contextmanager
def transaction(engine: Engine | None = None, *, snapshot: bool = False) -> Iterator[Connection]:
    """Give a connection whose work is committed at the end, or undone when an error is raised.

    `engine` is for commands and jobs, which run outside the web application. With `snapshot`, all
    that is read is of one moment.
    """
    opened = engine or database()
    if snapshot:
        opened = opened.execution_options(isolation_level="REPEATABLE READ")
    with opened.begin() as connection:
        # What an earlier transaction left undone, on the same connection, rang for nothing.
        connection.info.pop(RING, None)
        yield connection
        rings = connection.info.pop(RING, False)
    if rings:
        ring()
