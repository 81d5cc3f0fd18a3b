"""What changed in a published table since: the cells, and exactly the lines that changed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, false, null, select
from sqlalchemy.orm import aliased

from models import Case, Municipality, QuotaEntry
from models.vocabulary import QuotaKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.exchange.sheet import DEFINITION
from workflows.permissions import Permission
from workflows.quota.booked import Figures
from workflows.quota.figures import COUNTED
from workflows.quota.period import HalfYear
from workflows.quota.table import FIGURES, Level, Standing, StandingRow, read_standing

_AT_ONCE = 2_000
# Of I and J the difference follows from H of each municipality; no line adds to them by itself.
ADDED_UP = FIGURES[:8]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as published and as known since, in persons."""

    published: int
    restated: int

    @property
    def difference(self) -> int:
        """What was added since."""
        return self.restated - self.published


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An area of a level with the cells that changed, by figure."""

    code: str
    name: str
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line recorded between publication and now; `adds` is what it adds to each cell, A to H.

    It counts in the rows of its municipality (or its successor) and of the areas in which that
    lies. `reversed_at` is the instant of the line that it takes back. `case` is the reference of
    the case, for who may open it.
    """

    municipality_code: str
    municipality: str
    kind: str
    half_year: str
    persons: int
    booked_on: date
    recorded_at: datetime
    reversed_at: datetime | None
    adds: dict[str, int]
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the lines of a restatement, and on which day."""

    actor: Actor
    today: date

    def may_open(self) -> ColumnElement[bool]:
        """Return the SQL test of a case; a line of no case is none that may be opened."""
        if not policy.may(self.actor, Permission.VIEW_CASE):
            return false()
        return policy.visible(self.actor, Permission.VIEW_CASE, self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """The difference between a table as published and as known since, by level."""

    valid: date
    published: datetime
    known: datetime
    rows: dict[Level, list[ChangedRow]]
    definition: str = DEFINITION


def restate(
    connection: Connection, actor: Actor | None, valid: date, published: datetime, known: datetime
) -> Restatement:
    """Return the cells that changed between two instants; `actor` None is the operator.

    Raises `NotFound` for who may not see the standing, `Refused` when `known` comes first.
    """
    if actor is not None:
        policy.demand(actor, Permission.VIEW_STANDING)
    if known < published:
        raise Refused("known_before", "Kies een moment na de publicatie.", "known")
    before = read_standing(connection, valid, published)
    after = read_standing(connection, valid, known)
    return Restatement(
        valid=valid,
        published=published,
        known=known,
        rows={level: _changed(before, after, level) for level in Level},
    )


def changed_lines(
    connection: Connection,
    valid: date,
    published: datetime,
    known: datetime,
    reader: Reader | None = None,
) -> Iterator[ChangedLine]:
    """Yield the lines that make the difference, in the order in which they were recorded.

    Without a reader they name no case.
    """
    statement = _lines(valid, published, known, reader)
    for row in connection.execute(statement, execution_options={"yield_per": _AT_ONCE}):
        code, name, kind, half_year, persons, booked_on, recorded_at, reversed_at, opened = row
        yield ChangedLine(
            municipality_code=code,
            municipality=name,
            kind=kind,
            half_year=half_year,
            persons=persons,
            booked_on=booked_on,
            recorded_at=recorded_at,
            reversed_at=reversed_at,
            adds=_adds(QuotaKind(kind), half_year, persons, valid),
            case=opened,
        )


def _lines(
    valid: date, published: datetime, known: datetime, reader: Reader | None
) -> Select[*tuple[Any, ...]]:
    original = aliased(QuotaEntry)
    opens = false() if reader is None else reader.may_open()
    return (
        select(
            QuotaEntry.municipality_code,
            Municipality.name,
            QuotaEntry.kind,
            QuotaEntry.half_year,
            QuotaEntry.persons,
            QuotaEntry.booked_on,
            QuotaEntry.recorded_at,
            original.recorded_at,
            case((opens, Case.reference), else_=null()),
        )
        .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
        .outerjoin(original, original.id == QuotaEntry.reverses)
        .outerjoin(Case, Case.id == QuotaEntry.case_id)
        .where(
            QuotaEntry.recorded_at > published,
            QuotaEntry.recorded_at <= known,
            QuotaEntry.booked_on < valid,
            QuotaEntry.half_year <= str(HalfYear.of_standing(valid)),
            QuotaEntry.kind.in_(COUNTED),
        )
        .order_by(QuotaEntry.recorded_at, QuotaEntry.id)
    )


def _adds(kind: QuotaKind, half_year: str, persons: int, valid: date) -> dict[str, int]:
    """Return what a line adds to each of the figures A to H; as in `booked.py`."""
    now = HalfYear.of_standing(valid)
    realised = kind is QuotaKind.REALISED
    if kind is QuotaKind.OPENING or half_year < str(now.previous):
        figures = Figures(opening_previous=-persons if realised else persons)
    elif half_year == str(now.previous):
        figures = (
            Figures(realised_previous=persons) if realised else Figures(quota_previous=persons)
        )
    else:
        figures = Figures(realised=persons) if realised else Figures(quota=persons)
    row = StandingRow.of_municipality("", "", figures)
    return {figure: value for figure in ADDED_UP if (value := getattr(row, figure))}


def _changed(before: Standing, after: Standing, level: Level) -> list[ChangedRow]:
    then = {row.code: row for row in before.at(level)}
    since = {row.code: row for row in after.at(level)}
    rows = []
    for code in sorted(then.keys() | since.keys()):
        name = (since.get(code) or then[code]).name
        cells = _cells(then.get(code), since.get(code))
        if cells:
            rows.append(ChangedRow(code, name, cells))
    return rows


def _cells(then: StandingRow | None, since: StandingRow | None) -> dict[str, Cell]:
    found: dict[str, Any] = {
        figure: Cell(getattr(then, figure, 0), getattr(since, figure, 0)) for figure in FIGURES
    }
    return {figure: cell for figure, cell in found.items() if cell.difference}
