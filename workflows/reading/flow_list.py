"""The households behind a figure of the flow: one object gives the count, the list and the export.

Rows hold opaque references and never names, whoever asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
    text,
    tuple_,
)

from models import Case, Membership, Organisation, Person, Realisation, Stay
from models.vocabulary import (
    LIVE_STATES,
    CaseState,
    EndReason,
    HouseholdType,
    StayPlace,
    WaitingParty,
)
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.reading.decided import Decided, decided_clause
from workflows.reading.handing import Handed, handed_clause

DWELL_DAYS = 91
_AT_ONCE = 2_000
_WEEK = timedelta(days=7)


def still_counted() -> tuple[ColumnElement[bool], ...]:
    """Return the clauses for memberships of permit holders whom reception still counts.

    Reception counts until the sign-off, which may follow the move by some days.
    """
    realised = select(Realisation.person_id).where(Realisation.person_id == Membership.person_id)
    return Membership.left_on.is_(None), ~realised.exists()


@dataclass(frozen=True, slots=True)
class Counted:
    """Households and persons that a selection counts."""

    cases: int
    persons: int


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A household in a list, with the persons of it that are counted."""

    reference: str
    state: str
    household_type: str
    persons: int
    permit_on: date
    due_on: date | None
    entered_at: datetime | None
    organisation: str | None
    may_open: bool

    @property
    def cursor(self) -> str:
        """The place of the row in the order of the list."""
        return f"{self.permit_on.isoformat()}~{self.reference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which households: every given condition must hold.

    Without a week, cases are live. `reception` counts members still in a reception centre,
    `permit_before` among them only those whose own permit is older. `longer_than` are days in the
    present state. Weeks are given by their first day. `left` counts those that left a state in
    the last thirteen weeks, wherever they are now. `handed` counts those that were closed,
    `decided` those that were linked on a proposal, wherever they are now.
    """

    states: tuple[CaseState, ...] = ()
    household_types: tuple[HouseholdType, ...] = ()
    party: WaitingParty | None = None
    longer_than: int | None = None
    reception: bool = False
    permit_before: date | None = None
    registered_week: date | None = None
    housed_week: date | None = None
    ended_week: date | None = None
    left: CaseState | None = None
    handed: Handed | None = None
    decided: Decided | None = None

    def count(self, connection: Connection, actor: Actor, today: date) -> Counted:
        """Return how many households and persons; raises `NotFound` without the right."""
        rows = self._rows(actor, today).subquery()
        found = connection.execute(
            select(func.count(), func.coalesce(func.sum(rows.c.persons), 0)).select_from(rows)
        ).one()
        return Counted(int(found[0]), int(found[1]))

    def page(
        self, connection: Connection, actor: Actor, today: date, *, after: str | None, size: int
    ) -> list[FlowRow]:
        """Return a page, the oldest permit first; ValueError for a bad cursor."""
        statement = self._rows(actor, today).limit(size)
        if after is not None:
            permit_on, _, reference = after.partition("~")
            statement = statement.where(
                tuple_(Case.permit_on, Case.reference)
                > tuple_(bindparam(None, date.fromisoformat(permit_on)), bindparam(None, reference))
            )
        return [FlowRow(*row) for row in connection.execute(statement)]

    def export(self, connection: Connection, actor: Actor, today: date) -> Iterator[FlowRow]:
        """Yield the whole list."""
        rows = connection.execute(
            self._rows(actor, today), execution_options={"yield_per": _AT_ONCE}
        )
        return (FlowRow(*row) for row in rows)

    def _rows(self, actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
        counted = Permission.VIEW_DEPARTURES if self.decided else Permission.VIEW_COUNTS
        policy.demand(actor, counted)
        may_open = (
            policy.visible(actor, Permission.VIEW_CASE, today)
            if policy.may(actor, Permission.VIEW_CASE)
            else false()
        )
        members = self._members()
        persons = Case.persons if members is None else members.c.persons
        statement = (
            select(
                Case.reference,
                Case.state,
                Case.household_type,
                persons.label("persons"),
                Case.permit_on,
                Case.due_on,
                Stay.entered_at,
                Organisation.name,
                func.coalesce(may_open, false()).label("may_open"),
            )
            .outerjoin(Stay, and_(Stay.case_id == Case.id, Stay.left_at.is_(None)))
            .outerjoin(Organisation, Organisation.id == Stay.organisation_id)
            .where(policy.visible(actor, counted, today), *self._clauses(today))
            .order_by(Case.permit_on, Case.reference)
        )
        return (
            statement if members is None else statement.join(members, members.c.case_id == Case.id)
        )

    def _members(self) -> Any:
        """Return the counted members by case when not all members of a case count."""
        if not self.reception:
            return None
        statement = (
            select(Membership.case_id, cast(func.count(), Integer).label("persons"))
            .where(*still_counted())
            .group_by(Membership.case_id)
        )
        if self.permit_before is not None:
            statement = statement.join(Person, Person.id == Membership.person_id).where(
                Person.permit_on < self.permit_before
            )
        return statement.subquery()

    def _clauses(self, today: date) -> list[ColumnElement[bool]]:
        clauses = self._weeks()
        if self.left is not None:
            clauses.append(_has_left(self.left, today))
        if self.handed is not None:
            clauses.append(handed_clause(self.handed, today))
        if self.decided is not None:
            clauses.append(decided_clause(self.decided, today))
        clauses = clauses or [Case.state.in_(LIVE_STATES)]
        given: tuple[tuple[object, ColumnElement[bool]], ...] = (
            (self.states, Case.state.in_(self.states)),
            (self.household_types, Case.household_type.in_(self.household_types)),
            (self.party, Case.waiting_party == self.party),
            (self.reception, Case.stay_place == StayPlace.CENTRE),
        )
        clauses += [clause for value, clause in given if value]
        if self.longer_than is not None:
            clauses.append(age(today) > self.longer_than)
        return clauses

    def _weeks(self) -> list[ColumnElement[bool]]:
        weeks = (
            (Case.registered_on, self.registered_week),
            (Case.housed_on, self.housed_week),
            (Case.finished_on, self.ended_week),
        )
        clauses = [
            and_(column >= week, column < week + _WEEK)
            for column, week in weeks
            if week is not None
        ]
        if self.ended_week is not None:
            clauses += [Case.state == CaseState.ENDED, Case.end_reason != EndReason.MERGED]
        return clauses


def left_lately(today: date) -> ColumnElement[bool]:
    """Return the filter over stays for those with which a state was left in thirteen weeks.

    A case that only waits for another party in the same state has not left it.
    """
    since = datetime.combine(_dwell_since(today), time())
    left_on = func.timezone(text("'Europe/Amsterdam'"), bindparam(None, since))
    return and_(Stay.dwelt_tenths.is_not(None), Stay.left_at >= left_on)


def not_finished_before(today: date) -> ColumnElement[bool]:
    """Return the filter over cases for those that can have left a state in thirteen weeks.

    A finished case leaves none, so that an index finds the few that can.
    """
    return or_(Case.state.in_(LIVE_STATES), Case.finished_on >= _dwell_since(today))


def _dwell_since(today: date) -> date:
    return today - timedelta(days=DWELL_DAYS - 1)


def _has_left(state: CaseState, today: date) -> ColumnElement[bool]:
    left = select(Stay.case_id).where(Stay.state == state, left_lately(today))
    return and_(Case.id.in_(left), not_finished_before(today))


def age(today: date) -> ColumnElement[int]:
    """Return the whole days that a case stands in its present state, never under zero."""
    entered = func.timezone(text("'Europe/Amsterdam'"), Stay.entered_at)
    days: ColumnElement[Any] = bindparam(None, today) - func.date(entered)
    return func.greatest(cast(days, Integer), 0)
