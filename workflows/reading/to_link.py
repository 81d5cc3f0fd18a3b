"""Households that wait for a link, the most urgent first, with what is proposed for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from models import (
    Case,
    Membership,
    Municipality,
    Organisation,
    Person,
    Proposal,
    Screening,
)
from models.vocabulary import CaseState, ProposalStatus
from workflows import policy
from workflows.actor import Actor
from workflows.matching.proposed import changed_since
from workflows.membership import leads
from workflows.permissions import Permission
from workflows.rules.household import ADULT_AGE, born_by

PAGE = 25
_FIRST = aliased(Proposal)
_PROPOSED = and_(_FIRST.case_id == Case.id, _FIRST.status == ProposalStatus.OPEN, _FIRST.rank == 1)
_CHANGED = changed_since(_FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the visitor asked for; None asks for nothing.

    `proposed` is True for households with a proposal that holds, False for those without.
    """

    household: str | None = None
    place: str | None = None
    proposed: bool | None = None
    overdue: bool = False
    thin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLink:
    """A household that waits for a link.

    `unscreened` counts the adults without a screening that was held; `advised` tells whether the
    screening advised a region; both hold since `screened_on`. `municipality` and `score` are those
    of the proposal, which is None when there is none that holds.
    """

    id: int
    reference: str
    version: int
    name: str | None
    household_type: str
    persons: int
    due_on: date
    permit_on: date
    screened_on: date | None
    centre: str | None
    criteria: int
    advised: bool
    unscreened: int
    proposal: str | None
    municipality: str | None
    municipality_code: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list."""

    rows: list[ToLink]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Households in the list, those of them with a proposal that holds, and paused ones."""

    waiting: int
    proposed: int
    suspended: int


def _waiting(actor: Actor, today: date) -> ColumnElement[bool]:
    return and_(Case.state == CaseState.SCREENED, policy.visible(actor, Permission.LINK, today))


def _held() -> Any:
    """Return the education level of a person's newest screening: none where it was not held."""
    return (
        select(Screening.education_level)
        .where(Screening.person_id == Person.id)
        .order_by(Screening.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _unscreened(today: date) -> Any:
    member = aliased(Membership)
    return (
        select(func.count())
        .select_from(member)
        .join(Person, Person.id == member.person_id)
        .where(
            member.case_id == Case.id,
            member.left_on.is_(None),
            Person.birth_date <= born_by(today, ADULT_AGE),
            _held().is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )


def _clauses(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.household:
        found.append(Case.household_type == filters.household)
    if filters.overdue:
        found.append(Case.due_on < today)
    if filters.thin:
        found.append(or_(_unscreened(today) > 0, func.cardinality(Case.advised_regions) == 0))
    if filters.place:
        found.append(_FIRST.municipality_code == filters.place)
    if filters.proposed is not None or filters.place:
        held = and_(_FIRST.id.is_not(None), ~_CHANGED)
        found.append(held if filters.proposed is not False else ~held)
    return found


def counts(connection: Connection, actor: Actor, filters: Filters, today: date) -> Counts:
    """Return how many households the list holds under the filters, in one query."""
    row = connection.execute(
        select(
            func.count().filter(Case.suspended_on.is_(None)),
            func.count().filter(Case.suspended_on.is_(None), _FIRST.id.is_not(None), ~_CHANGED),
            func.count().filter(Case.suspended_on.is_not(None)),
        )
        .select_from(Case)
        .outerjoin(_FIRST, _PROPOSED)
        .where(_waiting(actor, today), *_clauses(filters, today))
    ).one()
    return Counts(*row)


def page(
    connection: Connection,
    actor: Actor,
    filters: Filters,
    today: date,
    *,
    after: tuple[date, str] | None = None,
    before: tuple[date, str] | None = None,
) -> Page:
    """Return a page after or before the row with this due date and reference."""
    # No act has a term of its own before the link; this column stands in the indexes by place.
    key = tuple_(Case.next_due_on, Case.id)
    order: list[Any] = [Case.next_due_on, Case.id]
    statement = _chosen(actor, filters, today)
    if after is not None:
        statement = statement.where(key > tuple_(after[0], _key_of(after[1])))
    elif before is not None:
        statement = statement.where(key < tuple_(before[0], _key_of(before[1])))
        order = [Case.next_due_on.desc(), Case.id.desc()]
    keys = list(connection.scalars(statement.order_by(*order).limit(PAGE + 1)))
    more, keys = len(keys) > PAGE, keys[:PAGE]
    rows = rows_of(connection, keys, today)
    if before is not None:
        return Page(rows, has_previous=more, has_next=True)
    return Page(rows, has_previous=after is not None, has_next=more)


def proposed_ids(
    connection: Connection, actor: Actor, filters: Filters, today: date, *, most: int
) -> list[int]:
    """Return the cases of the whole list that have a proposal which holds, most urgent first."""
    statement = _chosen(actor, filters, today).where(_FIRST.id.is_not(None), ~_CHANGED)
    return list(connection.scalars(statement.order_by(Case.next_due_on, Case.id).limit(most)))


def ids_of(connection: Connection, actor: Actor, references: list[str], today: date) -> list[int]:
    """Return the cases with these references that wait for a link by this actor, in order."""
    statement = _chosen(actor, Filters(), today).where(Case.reference.in_(references))
    return list(connection.scalars(statement.order_by(Case.next_due_on, Case.id)))


def rows_of(connection: Connection, keys: list[int], today: date) -> list[ToLink]:
    """Return the rows of these cases, the most urgent first."""
    if not keys:
        return []
    found = connection.execute(_detailed(today).where(Case.id.in_(keys))).mappings()
    return sorted((ToLink(**row) for row in found), key=lambda row: (row.due_on, row.id))


def _chosen(actor: Actor, filters: Filters, today: date) -> Select[int]:
    return (
        select(Case.id)
        .outerjoin(_FIRST, _PROPOSED)
        .where(_waiting(actor, today), Case.suspended_on.is_(None), *_clauses(filters, today))
    )


def _key_of(reference: str) -> Any:
    found = select(Case.id).where(Case.reference == reference).scalar_subquery()
    return func.coalesce(found, 0)


def _detailed(today: date) -> Select[*tuple[Any, ...]]:
    centre, head, leader = aliased(Organisation), aliased(Membership), aliased(Person)
    return (
        select(
            Case.id,
            Case.reference,
            Case.version,
            (leader.given_names + " " + leader.family_name).label("name"),
            Case.household_type,
            Case.persons,
            Case.due_on,
            Case.permit_on,
            Case.screened_on,
            centre.name.label("centre"),
            func.jsonb_array_length(Case.hard_criteria).label("criteria"),
            (func.cardinality(Case.advised_regions) > 0).label("advised"),
            _unscreened(today).label("unscreened"),
            _FIRST.reference.label("proposal"),
            Municipality.name.label("municipality"),
            _FIRST.municipality_code,
            _FIRST.score,
        )
        .select_from(Case)
        .outerjoin(_FIRST, and_(_PROPOSED, ~_CHANGED))
        .outerjoin(Municipality, Municipality.code == _FIRST.municipality_code)
        .outerjoin(head, leads(head))
        .outerjoin(leader, leader.id == head.person_id)
        .outerjoin(centre, centre.id == func.coalesce(Case.centre_id, Case.region_id))
    )
