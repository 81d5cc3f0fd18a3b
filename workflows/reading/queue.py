"""The work queue: live cases within reach, the most urgent first, page by page by key."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from models import Case, Membership, Municipality, Organisation, Person, Screening, User
from models.vocabulary import LIVE_STATES, Role, WaitingParty
from workflows import policy
from workflows.actor import Actor
from workflows.acts import next_on_road
from workflows.permissions import Permission
from workflows.reading.places import at_place
from workflows.rules.household import ADULT_AGE, born_by
from workflows.step import Step

PAGE = 25
_PARTY = {
    Role.CASE_MANAGER: WaitingParty.CENTRE,
    Role.PLACEMENT_OFFICER: WaitingParty.REGION,
    Role.MUNICIPAL_OFFICER: WaitingParty.MUNICIPALITY,
}


_TERMED = or_(Case.due_term.is_not(None), Case.act_term.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the visitor asked for; None asks for nothing."""

    state: str | None = None
    household: str | None = None
    overdue: bool = False
    place: str | None = None
    waiting: bool = False


@dataclass(slots=True, kw_only=True)
class QueueRow:
    """A case in the queue.

    `due_on` is the day of the act it waits for, or else of its own term; without a term running
    (`termed`) it only gives the case its place.
    """

    id: int
    reference: str
    name: str | None
    household_type: str
    persons: int
    state: str
    version: int
    permit_on: date
    due_on: date
    termed: bool
    suspended: bool
    place: str | None
    centre_id: int | None
    region_id: int
    guardian_id: int | None
    municipality_code: str | None
    outcome_access_until: date | None
    assignee: str | None
    behalf: str | None
    contested: bool
    titled: bool
    reserved: int
    counting: bool
    unscreened: bool

    @property
    def next_act(self) -> Step | None:
        """The step that the case waits for."""
        return next_on_road(
            self.state,
            contested=self.contested,
            unscreened=self.unscreened,
            titled=self.titled,
            reserved=self.reserved,
            counting=self.counting,
        )


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
        clauses += [Case.next_due_on < today, _TERMED]
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
    found = connection.execute(_detailed(actor, today).where(Case.id.in_(keys))).mappings()
    order = {key: place for place, key in enumerate(keys)}
    rows = sorted((QueueRow(**row) for row in found), key=lambda row: order[row.id])
    return sorted(rows, key=lambda row: (row.due_on, row.id))


def _absent_name(actor: Actor) -> Any:
    """Return whose work a case is when the actor stands in for that colleague."""
    absent = aliased(User)
    return (
        select(absent.name)
        .where(
            absent.id.in_(actor.stands_in_for[1:]),
            or_(absent.id == Case.assignee_id, absent.id == Case.municipal_contact_id),
        )
        .limit(1)
        .scalar_subquery()
    )


def _detailed(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    centre, head = aliased(Organisation), aliased(Membership)
    member, grown = aliased(Membership), aliased(Person)
    assignee = aliased(User)
    unscreened = exists(
        select(member.id)
        .join(grown, grown.id == member.person_id)
        .where(
            Case.state == "registered",
            member.case_id == Case.id,
            member.left_on.is_(None),
            grown.birth_date <= born_by(today, ADULT_AGE),
            ~exists(select(Screening.id).where(Screening.person_id == grown.id)),
        )
    )
    return (
        select(
            Case.id,
            Case.reference,
            (Person.given_names + " " + Person.family_name).label("name"),
            Case.household_type,
            Case.persons,
            Case.state,
            Case.version,
            Case.permit_on,
            Case.next_due_on.label("due_on"),
            _TERMED.label("termed"),
            Case.suspended_on.is_not(None).label("suspended"),
            func.coalesce(Municipality.name, centre.name).label("place"),
            Case.centre_id,
            Case.region_id,
            Case.guardian_id,
            Case.municipality_code,
            Case.outcome_access_until,
            assignee.name.label("assignee"),
            _absent_name(actor).label("behalf"),
            Case.contested_on.is_not(None).label("contested"),
            Case.title_on.is_not(None).label("titled"),
            Case.reserved,
            Case.counts_since.is_not(None).label("counting"),
            unscreened.label("unscreened"),
        )
        .select_from(Case)
        .outerjoin(head, and_(head.case_id == Case.id, head.left_on.is_(None), head.role == "head"))
        .outerjoin(Person, Person.id == head.person_id)
        .outerjoin(Municipality, Municipality.code == Case.municipality_code)
        .outerjoin(centre, centre.id == func.coalesce(Case.centre_id, Case.region_id))
        .outerjoin(assignee, assignee.id == Case.assignee_id)
    )


def may_take(actor: Actor, row: QueueRow, step: Step, today: date) -> bool:
    """Tell whether the actor may take the step that a row waits for."""
    return policy.allows(actor, step.permission, row, today)
