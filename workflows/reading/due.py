"""What is due, over all cases in one statement: its parts and how many terms each holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

from models import Case
from models.vocabulary import Term
from workflows.actor import Actor
from workflows.deadlines.sources import SOURCES, Source
from workflows.reading.places import at_place
from workflows.reading.queue import reach
from workflows.reading.tasks import in_hand

AHEAD = timedelta(days=7)


class Window(StrEnum):
    """A part of the list."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    UNASSIGNED = "unassigned"


_LAST = {Window.LATE: timedelta(days=-1), Window.TODAY: timedelta(), Window.WEEK: AHEAD}
_IN_ORDER = tuple(_LAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilters:
    """What the visitor asked for; None asks for nothing."""

    term: str | None = None
    place: str | None = None
    mine: bool = False


def window_clause(window: Window, source: Source, today: date) -> ColumnElement[bool]:
    """Return which terms of a source belong to a part of the list."""
    due: ColumnElement[bool]
    match window:
        case Window.LATE:
            due = source.due_on < today
        case Window.TODAY:
            due = source.due_on == today
        case Window.WEEK:
            due = and_(source.due_on > today, source.due_on <= today + AHEAD)
        case Window.UNASSIGNED:
            due = literal(Term.ASSIGN in source.terms)
    return due


def _any_of(windows: Sequence[Window], source: Source, today: date) -> ColumnElement[bool]:
    """Return which terms belong to some parts; an index is walked by one bound, not by several."""
    days = [window for window in _IN_ORDER if window in windows]
    unassigned = Window.UNASSIGNED in windows and Term.ASSIGN in source.terms
    if unassigned or tuple(days) != _IN_ORDER[: len(days)]:
        return or_(*(window_clause(each, source, today) for each in windows))
    bound: ColumnElement[bool] = source.due_on <= today + _LAST[days[-1]]
    return bound


def due_counts(
    connection: Connection, actor: Actor, filters: DueFilters, today: date
) -> dict[Window, int]:
    """Return how many terms each part holds under the filters, in one statement."""
    parts = []
    for source in sources_of(filters):
        counted = [func.count().filter(window_clause(each, source, today)) for each in Window]
        parts.append(
            source.rows(*counted).where(
                _any_of(tuple(Window), source, today), *within(source, actor, filters, today)
            )
        )
    if not parts:
        return dict.fromkeys(Window, 0)
    together = union_all(*parts).subquery()
    row = connection.execute(
        select(*(func.coalesce(func.sum(column), 0) for column in together.c))
    ).one()
    return {window: int(found) for window, found in zip(Window, row, strict=True)}


def due_statement(
    actor: Actor, filters: DueFilters, today: date, windows: Sequence[Window]
) -> Select[tuple[int]]:
    """Return the statement that counts the terms in some parts of the list."""
    parts = [
        source.rows(func.count().label("found")).where(
            _any_of(windows, source, today),
            *within(source, actor, filters, today),
        )
        for source in sources_of(filters)
    ]
    together = union_all(*parts).subquery()
    return select(func.coalesce(func.sum(together.c.found), 0))


def sources_of(filters: DueFilters) -> list[Source]:
    """Return the places where the terms stand that the filters ask for."""
    return [each for each in SOURCES if filters.term is None or filters.term in each.terms]


def within(
    source: Source, actor: Actor, filters: DueFilters, today: date
) -> list[ColumnElement[bool]]:
    """Return what an actor may see of a source, and what the filters leave of it."""
    own = [grant.organisation_id for grant in actor.grants]
    clauses = [reach(actor, today)]
    if Term.ASSIGN in source.terms:
        # Whether a colleague elsewhere has a case in hand is for that organisation to know.
        agency = func.coalesce(Case.centre_id, Case.region_id)
        above = and_(Case.region_id.in_(own), Case.responsible_id == agency)
        clauses.append(or_(Case.responsible_id.in_(own), above))
    if Term.TASK in source.terms:
        clauses.append(source.organisation_id.in_(own))
    if filters.term:
        clauses.append(source.term == filters.term)
    if filters.mine:
        clauses.append(in_hand(actor))
    if filters.place:
        clauses.append(at_place(filters.place))
    return clauses
