"""The ledger lines, and so the persons, behind a figure of the official table.

One object gives the figure, the list and the export: the same filter and the same access rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from models import Case, Membership, Municipality, Person, QuotaEntry
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.quota.figures import Figure, lines_of, signed

_AT_ONCE = 2_000
_LONGEST_KEY = 18


@dataclass(frozen=True, slots=True)
class LineBehind:
    """A line as it counts in the figure; `name` only for who may see the case.

    `cursor` names the line for the next page.
    """

    entry_id: int
    kind: str
    municipality: str
    half_year: str
    persons: int
    booked_on: date
    recorded_at: datetime
    housed_on: date | None
    case_reference: str | None
    name: str | None
    may_open: bool
    reason: str | None

    @property
    def cursor(self) -> str:
        """The place of the line in the order of the list."""
        return f"{self.booked_on.isoformat()}~{self.entry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The lines behind one figure for two dates; `municipality` None: the whole country."""

    figure: Figure
    valid: date
    known: datetime | None = None
    municipality: str | None = None

    def total(self, connection: Connection, actor: Actor) -> int:
        """Return the figure: the sum of persons over the list.

        Raises `NotFound` for who may not see the standing.
        """
        policy.demand(actor, Permission.VIEW_STANDING)
        statement = select(func.coalesce(func.sum(signed(self.figure)), 0)).where(*self._filter())
        return int(connection.execute(statement).scalar_one())

    def lines(self, connection: Connection, actor: Actor) -> int:
        """Return how many lines the list has; raises `NotFound` as `total` does."""
        policy.demand(actor, Permission.VIEW_STANDING)
        statement = select(func.count()).select_from(QuotaEntry).where(*self._filter())
        return int(connection.execute(statement).scalar_one())

    def page(
        self, connection: Connection, actor: Actor, today: date, *, after: str | None, size: int
    ) -> list[LineBehind]:
        """Return a page of the list in the order of booking; ValueError for a bad cursor."""
        statement = self._rows(actor, today).limit(size)
        if after is not None:
            booked_on, _, entry_id = after.partition("~")
            if len(entry_id) > _LONGEST_KEY:
                raise ValueError(after)
            place = (date.fromisoformat(booked_on), int(entry_id))
            statement = statement.where(
                tuple_(QuotaEntry.booked_on, QuotaEntry.id)
                > tuple_(literal(place[0]), literal(place[1]))
            )
        return [LineBehind(*row) for row in connection.execute(statement)]

    def export(self, connection: Connection, actor: Actor, today: date) -> Iterator[LineBehind]:
        """Yield the whole list."""
        rows = connection.execute(
            self._rows(actor, today), execution_options={"yield_per": _AT_ONCE}
        )
        return (LineBehind(*row) for row in rows)

    def _rows(self, actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
        policy.demand(actor, Permission.VIEW_STANDING)
        open_to = (
            policy.visible(actor, Permission.VIEW_CASE, today)
            if policy.may(actor, Permission.VIEW_CASE)
            else false()
        )
        housed_on = (
            select(func.max(Membership.housed_on))
            .where(
                Membership.case_id == QuotaEntry.case_id,
                Membership.person_id == QuotaEntry.person_id,
            )
            .scalar_subquery()
        )
        may_open = func.coalesce(open_to, false())
        return (
            select(
                QuotaEntry.id,
                QuotaEntry.kind,
                Municipality.name,
                QuotaEntry.half_year,
                signed(self.figure),
                QuotaEntry.booked_on,
                QuotaEntry.recorded_at,
                housed_on,
                Case.reference,
                case((may_open, Person.given_names + " " + Person.family_name), else_=null()),
                may_open,
                QuotaEntry.reason,
            )
            .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
            .outerjoin(Case, Case.id == QuotaEntry.case_id)
            .outerjoin(Person, Person.id == QuotaEntry.person_id)
            .where(*self._filter())
            .order_by(QuotaEntry.booked_on, QuotaEntry.id)
        )

    def _filter(self) -> list[ColumnElement[bool]]:
        """Return the clauses: lines of the figure that were booked, known and not reversed."""
        reversal = aliased(QuotaEntry)
        undone = reversal.reverses == QuotaEntry.id
        clauses = [
            QuotaEntry.booked_on < self.valid,
            QuotaEntry.reverses.is_(None),
            lines_of(self.figure, self.valid),
        ]
        if self.known is not None:
            clauses.append(QuotaEntry.recorded_at <= self.known)
            undone = and_(undone, reversal.recorded_at <= self.known)
        clauses.append(~exists(select(reversal.id).where(undone)))
        if self.municipality is not None:
            clauses.append(QuotaEntry.municipality_code == self.municipality)
        return clauses
