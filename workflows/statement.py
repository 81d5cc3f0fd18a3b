"""Runs statements on the driver itself: the engine's way to the database.

SQLAlchemy makes the text once; running it again through SQLAlchemy would cost the client several
times what the driver needs, and a step is little else than a few statements.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import Connection, Select, TextClause
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import DBAPIError

Rows = list[tuple[Any, ...]]
_DIALECT = dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped


class Statement:
    """A statement whose text is made at its first use and kept."""

    def __init__(self, source: Select[*tuple[Any, ...]] | TextClause) -> None:
        self._source = source
        self._text: str | None = None
        self._given: dict[str, Any] = {}

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> Rows:
        """Run the statement and return its rows; raises what SQLAlchemy would."""
        if self._text is None:
            compiled = self._source.compile(dialect=_DIALECT)
            made = compiled.construct_expanded_state(dict(parameters))
            self._given = {
                name: value for name, value in made.parameters.items() if name not in parameters
            }
            self._text = made.statement
        return run(connection, self._text, {**self._given, **parameters})


def run(connection: Connection, text: str, parameters: Mapping[str, Any] | list[Any]) -> Rows:
    """Run a text with the driver's own placeholders and return its rows, if it has any."""
    if not connection.in_transaction():
        # What the driver begins by itself, SQLAlchemy would not commit.
        connection.begin()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, parameters)
    except psycopg.Error as error:
        # Values may be personal, and messages reach logs.
        raise DBAPIError.instance(text, None, error, psycopg.Error, hide_parameters=True) from error
    # Asking for `description` would describe every column.
    answered = cursor.pgresult is not None and cursor.pgresult.nfields > 0
    return list(cursor.fetchall()) if answered else []
