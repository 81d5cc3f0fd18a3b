"""Ledger lines of no case, which the quota officer may reverse."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import aliased

from models import Municipality, QuotaEntry, User
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission

MOST = 500


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line with what reversed it, or which line it reverses."""

    id: int
    code: str
    municipality: str
    half_year: str
    kind: str
    persons: int
    booked_on: date
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    reverses: int | None
    reversed_by: int | None

    @property
    def open(self) -> bool:
        """Whether it may be reversed."""
        return self.reverses is None and self.reversed_by is None


def lines_without_case(
    connection: Connection, actor: Actor, municipality: str, half_year: str
) -> list[LedgerLine]:
    """Return the newest lines of a municipality in a half-year; raises `NotFound`."""
    return _read(connection, actor, municipality=municipality, half_year=half_year)


def line_without_case(connection: Connection, actor: Actor, line: int) -> LedgerLine:
    """Return one line; raises `NotFound` when there is none or a case posted it."""
    found = _read(connection, actor, line=line)
    if not found:
        raise NotFound
    return found[0]


def _read(
    connection: Connection,
    actor: Actor,
    *,
    municipality: str | None = None,
    half_year: str | None = None,
    line: int | None = None,
) -> list[LedgerLine]:
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    row, reversal = QuotaEntry, aliased(QuotaEntry)
    rows: Any = connection.execute(
        select(
            row.id,
            row.municipality_code,
            Municipality.name,
            row.half_year,
            row.kind,
            row.persons,
            row.booked_on,
            row.recorded_at,
            User.name,
            row.reason,
            row.reverses,
            reversal.id,
        )
        .join(Municipality, Municipality.code == row.municipality_code)
        .join(User, User.id == row.recorded_by)
        .outerjoin(reversal, reversal.reverses == row.id)
        .where(
            row.case_id.is_(None),
            or_(
                row.id == line,
                (row.municipality_code == municipality) & (row.half_year == half_year),
            ),
        )
        .order_by(row.recorded_at.desc(), row.id.desc())
        .limit(MOST)
    )
    return [LedgerLine(*each) for each in rows]
