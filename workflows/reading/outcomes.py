"""Outcomes: what a municipality is to measure now, what it measured, and the counts of all."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    case,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import distinct_on

from models import Case, Membership, Outcome, Person
from models.vocabulary import CaseState, OutcomeKind
from workflows import policy
from workflows.actor import Actor
from workflows.flow.groups import LEAST
from workflows.membership import belongs
from workflows.permissions import Permission
from workflows.rules.household import ADULT_AGE, born_by
from workflows.rules.outcomes import EARLY_MONTHS, MEASURED_AFTER

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOutcome:
    """An adult whose work or study is to be measured now; `due_on` is when the months are over."""

    case_id: int
    case: str
    version: int
    person: str
    name: str
    months: int
    housed_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutcome:
    """An outcome that holds, as the municipality recorded it."""

    case_id: int
    case: str
    person: str
    name: str
    months: int
    kind: str
    measured_on: date
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many adults could be measured so many months after moving in, and were; by kind.

    A count below ten is None.
    """

    months: int
    adults: int | None
    measured: int | None
    kinds: dict[str, int | None]


_MOMENTS = values(column("months", Integer), name="moment").data(
    [(months,) for months in MEASURED_AFTER]
)
_MONTHS = _MOMENTS.c.months


def _after(months: Any) -> ColumnElement[date]:
    return cast(Membership.housed_on + func.make_interval(0, months), Date)


_OPENS = _after(_MONTHS - EARLY_MONTHS)
# The next measurement ends this one; the last goes on.
_CLOSES = case(
    {months: _after(following - EARLY_MONTHS) for months, following in pairwise(MEASURED_AFTER)},
    value=_MONTHS,
    else_=None,
)
_MEASURED = exists(
    select(Outcome.id).where(
        Outcome.case_id == Case.id,
        Outcome.person_id == Membership.person_id,
        Outcome.months_after == _MONTHS,
    )
)


def _residents(today: date, *columns: Any) -> Select[Any]:
    """Return the adults who moved in, once for each measurement that has begun."""
    return (
        select(*columns)
        .select_from(Case)
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .join(_MOMENTS, true())
        .where(
            Case.state.in_((CaseState.HOUSED, CaseState.CLOSED)),
            Membership.housed_on.is_not(None),
            belongs(),
            Person.birth_date <= born_by(today, ADULT_AGE),
            today >= _OPENS,
        )
    )


def _due(actor: Actor, today: date, *columns: Any) -> Select[Any]:
    return _residents(today, *columns).where(
        policy.visible(actor, Permission.RECORD_OUTCOME, today),
        or_(_CLOSES.is_(None), today < _CLOSES),
        ~_MEASURED,
    )


def due_outcomes(connection: Connection, actor: Actor, today: date) -> list[DueOutcome]:
    """Return the first fifty measurements to hold now, the earliest first."""
    rows = connection.execute(
        _due(
            actor,
            today,
            Case.id.label("case_id"),
            Case.reference.label("case"),
            Case.version,
            Person.reference.label("person"),
            (Person.given_names + " " + Person.family_name).label("name"),
            _MONTHS.label("months"),
            Membership.housed_on,
            _after(_MONTHS).label("due_on"),
        )
        .order_by(_after(_MONTHS), Case.id, Membership.id)
        .limit(MOST)
    ).mappings()
    return [DueOutcome(**row) for row in rows]


def count_due(connection: Connection, actor: Actor, today: date) -> int:
    """Return how many measurements are to be held now."""
    return connection.scalar(_due(actor, today, func.count())) or 0


def held_outcomes(connection: Connection, actor: Actor, today: date) -> list[HeldOutcome]:
    """Return the newest fifty outcomes that hold and that the actor may still correct."""
    newest = (
        select(Outcome.__table__)
        .ext(distinct_on(Outcome.case_id, Outcome.person_id, Outcome.months_after))
        .order_by(Outcome.case_id, Outcome.person_id, Outcome.months_after, Outcome.id.desc())
        .subquery()
    )
    rows = connection.execute(
        select(
            Case.id.label("case_id"),
            Case.reference.label("case"),
            Person.reference.label("person"),
            (Person.given_names + " " + Person.family_name).label("name"),
            newest.c.months_after.label("months"),
            newest.c.kind,
            newest.c.measured_on,
            newest.c.corrects.is_not(None).label("corrected"),
        )
        .select_from(newest)
        .join(Case, Case.id == newest.c.case_id)
        .join(Person, Person.id == newest.c.person_id)
        .where(policy.visible(actor, Permission.RECORD_OUTCOME, today))
        .order_by(newest.c.id.desc())
        .limit(MOST)
    ).mappings()
    return [HeldOutcome(**row) for row in rows]


def outcome_counts(connection: Connection, actor: Actor, today: date) -> list[OutcomeCount]:
    """Return the counts of the whole country; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_SCORE_MODEL)
    could: dict[int, int] = {
        row[0]: row[1]
        for row in connection.execute(_residents(today, _MONTHS, func.count()).group_by(_MONTHS))
    }
    corrected = select(Outcome.corrects).where(Outcome.corrects.is_not(None))
    found: dict[tuple[int, str], int] = {
        (row[0], row[1]): row[2]
        for row in connection.execute(
            select(Outcome.months_after, Outcome.kind, func.count())
            .where(Outcome.id.not_in(corrected))
            .group_by(Outcome.months_after, Outcome.kind)
        )
    }
    return [
        OutcomeCount(
            months=months,
            adults=_told(could.get(months, 0)),
            measured=_told(sum(found.get((months, kind), 0) for kind in OutcomeKind)),
            kinds={kind.value: _told(found.get((months, kind), 0)) for kind in OutcomeKind},
        )
        for months in MEASURED_AFTER
    ]


def _told(count: int) -> int | None:
    return count if count == 0 or count >= LEAST else None
