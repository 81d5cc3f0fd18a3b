"""The work queue: live cases within reach, the most urgent first, page by page by key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    or_,
    select,
    true,
    tuple_,
)

from models import Case
from models.vocabulary import LIVE_STATES, Role, WaitingParty
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.reading.places import at_place
from workflows.reading.queue_rows import TERMED, QueueRow, queue_rows

PAGE = 25
_PARTY = {
    Role.CASE_MANAGER: WaitingParty.CENTRE,
    Role.PLACEMENT_OFFICER: WaitingParty.REGION,
    Role.MUNICIPAL_OFFICER: WaitingParty.MUNICIPALITY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the visitor asked for; None asks for nothing."""

    state: str | None = None
    household: str | None = None
    overdue: bool = False
    place: str | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; the keys are those of its first and last row."""

    rows: list[QueueRow]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases per tab."""

    mine: int
    unassigned: int
    team: int


def reach(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the live cases that are the actor's organisation's work."""
    permission = Permission.ASSIGN if policy.may(actor, Permission.ASSIGN) else Permission.VIEW_CASE
    return and_(policy.visible(actor, permission, today), Case.state.in_(sorted(LIVE_STATES)))


def parties(actor: Actor) -> list[str]:
    """Return as which parties the actor is waited for."""
    return [party.value for role, party in _PARTY.items() if role in actor.roles]


def tab_clause(actor: Actor, tab: str) -> ColumnElement[bool]:
    """Return what a tab adds to the reach: mine, unassigned or nothing for the team's."""
    placing = Role.PLACEMENT_OFFICER in actor.roles
    if tab == "mine":
        people = actor.stands_in_for
        own = or_(Case.assignee_id.in_(people), Case.municipal_contact_id.in_(people))
        region = Case.waiting_party == WaitingParty.REGION
        return or_(own, region) if placing else own
    if tab == "unassigned":
        municipal = Role.MUNICIPAL_OFFICER in actor.roles
        return Case.municipal_contact_id.is_(None) if municipal else Case.assignee_id.is_(None)
    return true()


def _filtered(filters: Filters, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if filters.state:
        clauses.append(Case.state == filters.state)
    if filters.household:
        clauses.append(Case.household_type == filters.household)
    if filters.overdue:
        clauses += [Case.next_due_on < today, TERMED]
    if filters.waiting:
        clauses.append(Case.waiting_party.in_(parties(actor)))
    if filters.place:
        clauses.append(at_place(filters.place))
    return clauses


def counts(connection: Connection, actor: Actor, filters: Filters, today: date) -> Counts:
    """Return how many cases each tab holds under the filters, in one query."""
    mine, unassigned = tab_clause(actor, "mine"), tab_clause(actor, "unassigned")
    row = connection.execute(
        select(
            func.count().filter(mine),
            func.count().filter(unassigned),
            func.count(),
        )
        .select_from(Case)
        .where(reach(actor, today), *_filtered(filters, actor, today))
    ).one()
    return Counts(*row)


def page(  # noqa: PLR0913 - a tab, its filters and a place in it
    connection: Connection,
    actor: Actor,
    tab: str,
    filters: Filters,
    today: date,
    *,
    after: tuple[date, str] | None = None,
    before: tuple[date, str] | None = None,
) -> QueuePage:
    """Return a page of a tab after or before the row with this due date and reference."""
    clauses = [reach(actor, today), *_filtered(filters, actor, today)]
    clauses.append(tab_clause(actor, tab))
    key = tuple_(Case.next_due_on, Case.id)
    order: list[Any] = [Case.next_due_on, Case.id]
    if after is not None:
        clauses.append(key > tuple_(after[0], _key_of(after[1])))
    elif before is not None:
        clauses.append(key < tuple_(before[0], _key_of(before[1])))
        order = [Case.next_due_on.desc(), Case.id.desc()]
    chosen = select(Case.id).where(*clauses).order_by(*order).limit(PAGE + 1)
    keys = list(connection.scalars(chosen))
    more, keys = len(keys) > PAGE, keys[:PAGE]
    rows = _rows(connection, actor, keys, today)
    if before is not None:
        return QueuePage(rows, has_previous=more, has_next=True)
    return QueuePage(rows, has_previous=after is not None, has_next=more)


def references(
    connection: Connection, actor: Actor, tab: str, filters: Filters, today: date, *, most: int
) -> list[str]:
    """Return the references of a whole tab under the filters, the most urgent first."""
    clauses = [reach(actor, today), *_filtered(filters, actor, today)]
    clauses.append(tab_clause(actor, tab))
    chosen = select(Case.reference).where(*clauses).order_by(Case.next_due_on, Case.id)
    return list(connection.scalars(chosen.limit(most)))


def _key_of(reference: str) -> Any:
    found = select(Case.id).where(Case.reference == reference).scalar_subquery()
    return func.coalesce(found, 0)


def _rows(connection: Connection, actor: Actor, keys: list[int], today: date) -> list[QueueRow]:
    if not keys:
        return []
    found = connection.execute(queue_rows(actor, today).where(Case.id.in_(keys))).mappings()
    order = {key: place for place, key in enumerate(keys)}
    rows = sorted((QueueRow(**row) for row in found), key=lambda row: order[row.id])
    return sorted(rows, key=lambda row: (row.due_on, row.id))
