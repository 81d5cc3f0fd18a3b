"""The one row that somebody asks for by a key, under the clause of the policy."""

from typing import TypeVarTuple

from sqlalchemy import Connection, Row, Select

from workflows.errors import NotFound

Columns = TypeVarTuple("Columns")


def one_row(connection: Connection, statement: Select[*Columns]) -> Row[*Columns]:
    """Return the row of a statement that finds at most one; raises `NotFound` when it finds none.

    So what is out of sight answers exactly as what does not exist.
    """
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row
