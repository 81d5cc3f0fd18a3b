"""What waits for a municipality, what it may expect, and the room it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, func, select

from models import Case, Membership, Municipality, Person
from models.vocabulary import CaseState, Role, Term, WaitingParty
from workflows import policy
from workflows.actor import Actor
from workflows.membership import leads
from workflows.permissions import Permission
from workflows.quota.held_ledgers import HELD_BALANCES, LATER_QUOTAS
from workflows.quota.period import HalfYear

MOST = 25
LARGEST = 6
_COMING = (
    CaseState.LINKED,
    CaseState.PREPARING,
    CaseState.OFFERED,
    CaseState.REFUSED,
    CaseState.MOVING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A household that was linked and not taken up yet.

    `take_up_on` is the last day in time to do so, None while the link is contested; `lease_on`
    that for a lease by the municipality's own term.
    """

    id: int
    reference: str
    version: int
    name: str | None
    household_type: str
    persons: int
    linked_on: date
    take_up_on: date | None
    lease_on: date
    functional_needs: list[str]
    contested: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Households expected to need a home by a month, by size."""

    month: date
    persons: int
    households: int


@dataclass(frozen=True, slots=True)
class Room:
    """A municipality's own standing; `room` holds up to the end of the present half-year."""

    code: str
    name: str
    obliged: int
    realised: int
    reserved: int

    @property
    def room(self) -> int:
        """Persons that can still be linked."""
        return self.obliged - self.realised - self.reserved


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases in a state that wait for the municipality, or for the reception agency."""

    state: str
    ours: int
    theirs: int


def new_links(connection: Connection, actor: Actor, today: date) -> list[NewLink]:
    """Return the links to take up, the most urgent first."""
    rows = connection.execute(
        select(
            Case.id,
            Case.reference,
            Case.version,
            (Person.given_names + " " + Person.family_name).label("name"),
            Case.household_type,
            Case.persons,
            Case.linked_on,
            case((Case.act_term == Term.TAKE_UP, Case.act_due_on)).label("take_up_on"),
            func.coalesce(Case.municipal_due_on, Case.due_on).label("lease_on"),
            Case.functional_needs,
            Case.contested_on.is_not(None).label("contested"),
        )
        .select_from(Case)
        .outerjoin(
            Membership,
            leads(),
        )
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(policy.visible(actor, Permission.TAKE_UP, today), Case.state == CaseState.LINKED)
        .order_by(Case.next_due_on, Case.id)
        .limit(MOST)
    ).mappings()
    return [NewLink(**row) for row in rows]


def waiting(connection: Connection, actor: Actor, today: date) -> list[Waiting]:
    """Return per state how many cases wait for the municipality and for others."""
    ours = Case.waiting_party == WaitingParty.MUNICIPALITY
    rows = connection.execute(
        select(Case.state, func.count().filter(ours), func.count().filter(~ours))
        .where(policy.visible(actor, Permission.TAKE_UP, today), Case.state.in_(_COMING))
        .group_by(Case.state)
    )
    found = {row[0]: Waiting(*row) for row in rows}
    return [found.get(state, Waiting(state, 0, 0)) for state in _COMING]


def expected(connection: Connection, actor: Actor, today: date) -> list[Expected]:
    """Return households that need a home, by the month of their term and by size."""
    coming = (
        select(
            func.date_trunc("month", func.greatest(Case.due_on, today)).label("month"),
            func.least(Case.persons, LARGEST).label("persons"),
        )
        .where(policy.visible(actor, Permission.TAKE_UP, today), Case.state.in_(_COMING))
        .subquery()
    )
    sizes = (coming.c.month, coming.c.persons)
    rows = connection.execute(select(*sizes, func.count()).group_by(*sizes).order_by(*sizes))
    return [Expected(row[0].date(), row[1], row[2]) for row in rows]


def rooms(connection: Connection, actor: Actor, today: date) -> list[Room]:
    """Return the standing of the actor's municipalities up to the present half-year."""
    return rooms_of(connection, actor.areas(Role.MUNICIPAL_OFFICER), today)


def rooms_of(connection: Connection, codes: Sequence[str], today: date) -> list[Room]:
    """Return the standing of municipalities by name; who may read it was asked before."""
    held, coming = HELD_BALANCES, LATER_QUOTAS
    later = (
        select(func.coalesce(func.sum(coming.c.persons), 0))
        .where(
            coming.c.code == Municipality.code,
            coming.c.half_year > str(HalfYear.of_date(today)),
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            Municipality.code,
            Municipality.name,
            held.c.obliged - later,
            held.c.realised,
            held.c.reserved,
        )
        .join(held, held.c.code == Municipality.code)
        .where(Municipality.code.in_(codes))
        .order_by(Municipality.name)
    )
    return [Room(*row) for row in rows]
