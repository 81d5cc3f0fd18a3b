"""A page of what is due: terms of all kinds in one order, with their cases and who is to act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from models import Case, Municipality, Organisation, User
from models.vocabulary import Term
from workflows.actor import Actor
from workflows.deadlines.receivers import acting_organisation
from workflows.reading.due import DueFilters, Window, sources_of, window_clause, within

PAGE = 25


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


def _parts(  # noqa: PLR0917 - a part, its filters and a place in it
    actor: Actor,
    window: Window,
    filters: DueFilters,
    today: date,
    after: tuple[date, int, str] | None,
    most: int,
) -> Iterator[Select[Any]]:
    for source in sources_of(filters):
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
        ).where(window_clause(window, source, today), *within(source, actor, filters, today))
        if after is not None:
            place = tuple_(literal(after[0]), literal(after[1]), literal(after[2]))
            found = found.where(tuple_(source.due_on, Case.id, mark) > place)
        yield found.order_by(source.due_on, Case.id, mark).limit(most)


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
            Case.municipal_due_on,
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
