"""The norms that administrators keep."""

from sqlalchemy import Connection, select

from models import Norm
from workflows.opening import StoredNorm


def norms(connection: Connection) -> tuple[StoredNorm, ...]:
    """Return all versions of all norms."""
    rows = connection.execute(select(Norm.code, Norm.amount, Norm.valid_from, Norm.valid_until))
    return tuple(StoredNorm(*row) for row in rows)
