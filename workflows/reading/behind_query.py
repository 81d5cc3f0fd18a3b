"""The statements behind a figure: one filter and one access rule for sums, pages and exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from models import Case, Membership, Municipality, Person, QuotaEntry
from workflows import policy
from workflows.actor import Actor
from workflows.flow.groups import LEAST
from workflows.permissions import Permission
from workflows.quota.figures import Figure, first_day, lines_of, realised_in, signed
from workflows.quota.small_groups import small_groups
from workflows.quota.sources import Sources
from workflows.quota.table import Standing
from workflows.reading.behind_lines import Line

_FEW = 8
_WITHOUT_CASES = frozenset({Figure.QUOTA, Figure.QUOTA_PREVIOUS})
Clauses = list[ColumnElement[bool]]


class Small(NamedTuple):
    """What the merged groups hold; a name where all of them have the same."""

    persons: int
    groups: int
    municipality: str | None
    half_year: str | None


@dataclass(frozen=True, slots=True)
class Everything:
    """The lines of the whole list, with the rows that they make and their sum of persons."""

    rows: int
    persons: int
    lines: Iterator[Line]


@dataclass(frozen=True, slots=True)
class BehindQuery:
    """The lines of a figure for an actor; `hidden` is true of those in groups that are merged."""

    figure: Figure
    clauses: Clauses
    may_open: ColumnElement[bool]
    hidden: ColumnElement[bool]

    @classmethod
    def of(  # noqa: PLR0917 - what a list is made from
        cls,
        connection: Connection,
        figure: Figure,
        found: Standing,
        whose: Sources,
        actor: Actor,
        today: date,
    ) -> "BehindQuery":
        """Return the statements of a list."""
        may_open: ColumnElement[bool] = false()
        if policy.may(actor, Permission.VIEW_CASE):
            may_open = func.coalesce(policy.visible(actor, Permission.VIEW_CASE, today), false())
        hidden: ColumnElement[bool] = false()
        if figure not in _WITHOUT_CASES:
            among = realised_in(figure, found.valid)
            groups = small_groups(connection, found.valid, found.known, among, LEAST)
            names = [f"{each.municipality} {each.half_year}" for each in groups]
            group = QuotaEntry.municipality_code + " " + QuotaEntry.half_year
            hidden = and_(
                QuotaEntry.case_id.is_not(None),
                # By itself of no use, but an index finds the few lines of these municipalities.
                _any_of(QuotaEntry.municipality_code, {each.municipality for each in groups}),
                _any_of(group, names),
                ~may_open,
            )
        return cls(figure, _filter(figure, found, whose), may_open, hidden)

    def rows(self, connection: Connection, most: int | None) -> int:
        """Return how many rows the lines make that are not merged; counting stops at `most`."""
        lines = self._lines().add_columns(self._begins_row().label("begins_row")).subquery()
        begun = select(lines.c.id).where(lines.c.begins_row).limit(most).subquery()
        return int(connection.execute(select(func.count()).select_from(begun)).scalar_one())

    def small(self, connection: Connection) -> Small:
        """Return what the merged groups hold."""
        code, half_year = QuotaEntry.municipality_code, QuotaEntry.half_year
        statement = (
            select(
                func.coalesce(func.sum(signed(self.figure)), 0),
                func.count(func.distinct(tuple_(code, half_year))),
                case((func.min(code) == func.max(code), func.min(Municipality.name))),
                case((func.min(half_year) == func.max(half_year), func.min(half_year))),
            )
            .join(Municipality, Municipality.code == code)
            .outerjoin(Case, Case.id == QuotaEntry.case_id)
            .where(*self.clauses, self.hidden)
        )
        return Small(*connection.execute(statement).one())

    def chunk(
        self, connection: Connection, after: tuple[date, int] | None, size: int
    ) -> list[Line]:
        """Return so many lines in the order of booking, after the place of one."""
        statement = self._lines().limit(size)
        if after is not None:
            place = tuple_(QuotaEntry.booked_on, QuotaEntry.id)
            statement = statement.where(place > tuple_(literal(after[0]), literal(after[1])))
        return [Line(*row) for row in connection.execute(statement)]

    def everything(self, connection: Connection, at_once: int) -> Everything:
        """Return all lines that are not merged, from one statement and so from one moment."""
        lines = self._lines().add_columns(self._begins_row().label("begins_row")).subquery()
        statement = select(
            lines,
            func.count().filter(lines.c.begins_row).over(),
            func.sum(lines.c.persons).over(),
        ).order_by(lines.c.booked_on, lines.c.id)
        rows = iter(connection.execute(statement, execution_options={"yield_per": at_once}))
        first = next(rows, None)
        if first is None:
            return Everything(0, 0, iter(()))

        def each() -> Iterator[Line]:
            yield Line(*first[:-3])
            for row in rows:
                yield Line(*row[:-3])

        return Everything(int(first[-2]), int(first[-1]), each())

    def _lines(self) -> Select[*tuple[Any, ...]]:
        housed_on = (
            select(func.max(Membership.housed_on))
            .where(
                Membership.case_id == QuotaEntry.case_id,
                Membership.person_id == QuotaEntry.person_id,
            )
            .scalar_subquery()
        )
        name = Person.given_names + " " + Person.family_name
        return (
            select(
                QuotaEntry.id,
                QuotaEntry.kind,
                Municipality.name,
                QuotaEntry.half_year,
                signed(self.figure).label("persons"),
                QuotaEntry.booked_on,
                QuotaEntry.recorded_at,
                case((self.may_open, housed_on), else_=null()).label("housed_on"),
                QuotaEntry.case_id,
                Case.reference,
                case((self.may_open, name), else_=null()).label("person"),
                self.may_open.label("may_open"),
                QuotaEntry.reason,
            )
            .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
            .outerjoin(Case, Case.id == QuotaEntry.case_id)
            .outerjoin(Person, Person.id == QuotaEntry.person_id)
            .where(*self.clauses, ~self.hidden)
            .order_by(QuotaEntry.booked_on, QuotaEntry.id)
        )

    def _begins_row(self) -> ColumnElement[bool]:
        """Tell whether a line begins a row; as `Line.group`."""
        order = (QuotaEntry.booked_on, QuotaEntry.id)
        same = [
            column == func.lag(column).over(order_by=order)
            for column in (
                QuotaEntry.case_id,
                QuotaEntry.kind,
                QuotaEntry.municipality_code,
                QuotaEntry.half_year,
                QuotaEntry.booked_on,
            )
        ]
        return or_(self.may_open, ~func.coalesce(and_(*same), false()))


def _filter(figure: Figure, found: Standing, whose: Sources) -> Clauses:
    """Return the clauses: lines of the figure that were booked, known and not reversed."""
    reversal = aliased(QuotaEntry)
    undone = reversal.reverses == QuotaEntry.id
    clauses = [
        QuotaEntry.booked_on < found.valid,
        QuotaEntry.reverses.is_(None),
        lines_of(figure, found.valid),
    ]
    since = first_day(figure, found.valid)
    if since is not None:
        clauses.append(QuotaEntry.booked_on >= since)
    if found.known is not None:
        clauses.append(QuotaEntry.recorded_at <= found.known)
        undone = and_(undone, reversal.recorded_at <= found.known)
    clauses.append(~exists(select(reversal.id).where(undone)))
    if whose.codes is not None:
        code: ColumnElement[str] = QuotaEntry.municipality_code + ""
        # Lines of many municipalities lie close together in the order of the list; an index of
        # municipalities would find all of them first. Quotas are few lines among many others.
        few = len(whose.codes) <= _FEW or figure in _WITHOUT_CASES
        clauses.append(_any_of(QuotaEntry.municipality_code if few else code, whose.codes))
    return clauses


def _any_of(column: Any, values: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(
        bindparam(None, sorted(values), type_=ARRAY(Text()))
    )
    return found
