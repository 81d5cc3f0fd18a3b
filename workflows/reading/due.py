"""What is due, over all cases in one statement: its counts, its list and who is to act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from models import Case, Municipality, Organisation, User
from models.vocabulary import Term
from workflows.actor import Actor
from workflows.deadlines.receivers import acting_organisation
from workflows.deadlines.sources import SOURCES, Source
from workflows.reading.queue import reach
from workflows.reading.tasks import in_hand

PAGE = 25
AHEAD = timedelta(days=7)


class Window(StrEnum):
    """A part of the list."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilters:
    """What the visitor asked for; None asks for nothing."""

    term: str | None = None
    place: str | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class DueRow:
    """A term that runs, with what the list shows of its case."""

    case_id: int
    term: str
    subject: str
    due_on: date
    reference: str
    state: str
    household_type: str
    persons: int
    suspended: bool
    place: str | None
    assignee: str | None
    acting: str | None

    @property
    def key(self) -> tuple[date, int, str]:
        """Its place in the list."""
        return self.due_on, self.case_id, f"{self.term} {self.subject}"


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of the list, and whether another follows."""

    rows: list[DueRow]
    has_next: bool


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


def due_counts(
    connection: Connection, actor: Actor, filters: DueFilters, today: date
) -> dict[Window, int]:
    """Return how many terms each part holds under the filters, in one statement."""
    parts = []
    for source in _sources(filters):
        counted = [func.count().filter(window_clause(each, source, today)) for each in Window]
        near = or_(*(window_clause(each, source, today) for each in Window))
        parts.append(source.rows(*counted).where(near, *_within(source, actor, filters, today)))
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
            or_(*(window_clause(each, source, today) for each in windows)),
            *_within(source, actor, filters, today),
        )
        for source in _sources(filters)
    ]
    together = union_all(*parts).subquery()
    return select(func.coalesce(func.sum(together.c.found), 0))


def due_page(  # noqa: PLR0913 - a part, its filters and a place in it
    connection: Connection,
    actor: Actor,
    window: Window,
    filters: DueFilters,
    today: date,
    *,
    after: tuple[date, int, str] | None = None,
    most: int = PAGE,
) -> DuePage:
    """Return a page of a part, the earliest first, after a row with this key."""
    parts = list(_parts(actor, window, filters, today, after, most + 1))
    if not parts:
        return DuePage([], has_next=False)
    merged = union_all(*(select(each.subquery()) for each in parts)).subquery()
    found = connection.execute(
        select(merged).order_by(merged.c.due_on, merged.c.case_id, merged.c.mark).limit(most + 1)
    ).all()
    return DuePage(_detailed(connection, found[:most]), has_next=len(found) > most)


def case_key(connection: Connection, reference: str) -> int:
    """Return the key of a case by reference, 0 when there is none: a place in the list."""
    return connection.scalar(select(Case.id).where(Case.reference == reference)) or 0


def _sources(filters: DueFilters) -> list[Source]:
    return [each for each in SOURCES if filters.term is None or filters.term in each.terms]


def _parts(  # noqa: PLR0917 - a part, its filters and a place in it
    actor: Actor,
    window: Window,
    filters: DueFilters,
    today: date,
    after: tuple[date, int, str] | None,
    most: int,
) -> Iterator[Select[Any]]:
    for source in _sources(filters):
        if window is Window.UNASSIGNED and Term.ASSIGN not in source.terms:
            continue
        mark = source.term + " " + source.subject
        found = source.rows(
            Case.id.label("case_id"),
            source.term.label("term"),
            source.subject.label("subject"),
            source.due_on.label("due_on"),
            source.organisation_id.label("organisation_id"),
            mark.label("mark"),
        ).where(window_clause(window, source, today), *_within(source, actor, filters, today))
        if after is not None:
            place = tuple_(literal(after[0]), literal(after[1]), literal(after[2]))
            found = found.where(tuple_(source.due_on, Case.id, mark) > place)
        yield found.order_by(source.due_on, Case.id, mark).limit(most)


def _within(
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
        centre = select(Organisation.id).where(Organisation.reference == filters.place)
        clauses.append(
            or_(
                Case.municipality_code == filters.place,
                Case.centre_id == centre.scalar_subquery(),
            )
        )
    return clauses


def _detailed(connection: Connection, found: Sequence[Any]) -> list[DueRow]:
    cases = {row.id: row for row in connection.execute(_CASES, {"keys": [r[0] for r in found]})}
    acting = {
        (row.case_id, row.mark): acting_organisation(
            cases[row.case_id], Term(row.term), row.organisation_id
        )
        for row in found
        if row.case_id in cases
    }
    names: dict[int, str] = {
        row[0]: row[1]
        for row in connection.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.id.in_(set(acting.values()))
            )
        )
    }
    rows = []
    for row in found:
        case = cases[row.case_id]
        agency = case.responsible_id in {case.centre_id, case.region_id}
        rows.append(
            DueRow(
                row.case_id,
                row.term,
                row.subject,
                row.due_on,
                case.reference,
                case.state,
                case.household_type,
                case.persons,
                case.suspended,
                case.place,
                case.assignee if agency else case.contact,
                names.get(acting[row.case_id, row.mark]),
            )
        )
    return rows


def _case_statement() -> Select[*tuple[Any, ...]]:
    centre, assignee, contact = aliased(Organisation), aliased(User), aliased(User)
    return (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.household_type,
            Case.persons,
            Case.suspended_on.is_not(None).label("suspended"),
            Case.waiting_party,
            Case.responsible_id,
            Case.centre_id,
            Case.region_id,
            Municipality.organisation_id.label("municipality_id"),
            func.coalesce(Municipality.name, centre.name).label("place"),
            assignee.name.label("assignee"),
            contact.name.label("contact"),
        )
        .outerjoin(Municipality, Municipality.code == Case.municipality_code)
        .outerjoin(centre, centre.id == func.coalesce(Case.centre_id, Case.region_id))
        .outerjoin(assignee, assignee.id == Case.assignee_id)
        .outerjoin(contact, contact.id == Case.municipal_contact_id)
        .where(Case.id.in_(bindparam("keys", expanding=True)))
    )


_CASES = _case_statement()
