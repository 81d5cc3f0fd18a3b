"""The flow as time: the stock per state with its ages, who waits, time in each step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
)

from models import Case, Stay
from models.vocabulary import (
    LIVE_STATES,
    CaseState,
)
from workflows import policy
from workflows.actor import Actor
from workflows.flow.stages import Waiting, state_norms
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.permissions import Permission, Relation
from workflows.reading.flow_list import age
from workflows.rules.norms import NormCode, norm_on

DWELL_DAYS = 91
_SECONDS_IN_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Terms:
    """The norms in days that the flow is held against."""

    states: dict[CaseState, int]
    move: int


@dataclass(frozen=True, slots=True)
class Dwell:
    """Days that cases stood in a state which they left lately."""

    state: CaseState
    cases: int
    median_days: float
    p90_days: float


def terms(connection: Connection, moment: Moment) -> Terms:
    """Return the norms that hold today; LookupError when one is missing."""
    norms = read_rules(connection, moment).norms
    return Terms(
        state_norms(norms, moment.today), norm_on(norms, NormCode.MOVE, moment.today).amount
    )


def waiting(
    connection: Connection, actor: Actor, today: date, norms: dict[CaseState, int]
) -> list[Waiting]:
    """Return live cases per state, per party and per state and party, each with its ages.

    The three kinds are told apart by what is None. Raises `NotFound` without the right.
    """
    norm = case(norms, value=Case.state, else_=literal(0))
    days = age(today)
    over = days > norm
    statement = (
        select(
            Case.state,
            Case.waiting_party,
            func.count(),
            func.sum(Case.persons),
            func.count().filter(over),
            func.coalesce(func.sum(Case.persons).filter(over), 0),
            *_percentiles(days),
            func.sum(Case.persons * func.greatest(days - norm, 0)),
        )
        .join(Stay, and_(Stay.case_id == Case.id, Stay.left_at.is_(None)))
        .where(Case.state.in_(LIVE_STATES), seen(actor, today))
        .group_by(
            func.grouping_sets(
                tuple_(Case.state),
                tuple_(Case.waiting_party),
                tuple_(Case.state, Case.waiting_party),
            )
        )
    )
    rows = [
        Waiting(
            state=None if row[0] is None else CaseState(row[0]),
            party=row[1],
            cases=row[2],
            persons=row[3],
            over_cases=row[4],
            over_persons=row[5],
            median_days=float(row[6]),
            p90_days=float(row[7]),
            excess=row[8],
        )
        for row in connection.execute(statement)
    ]
    order = {state: place for place, state in enumerate(CaseState)}
    return sorted(
        rows, key=lambda row: (order.get(row.state, -1) if row.state else -1, row.party or "")
    )


def dwell(connection: Connection, actor: Actor, until: datetime, today: date) -> list[Dwell]:
    """Return the days in each state of the cases that left it in the last thirteen weeks.

    Stays in the same state after each other, with different parties, count together.
    """
    seconds = func.sum(func.extract("epoch", Stay.left_at - Stay.entered_at))
    each = (
        select(Stay.state, cast(seconds / _SECONDS_IN_DAY, Float).label("days"))
        .where(Stay.left_at.is_not(None), Stay.left_at > until - timedelta(days=DWELL_DAYS))
        .group_by(Stay.case_id, Stay.state)
    )
    if not _sees_all(actor):
        each = each.join(Case, Case.id == Stay.case_id).where(seen(actor, today))
    stays = each.subquery()
    rows = connection.execute(
        select(stays.c.state, func.count(), *_percentiles(stays.c.days)).group_by(stays.c.state)
    )
    found = {row[0]: Dwell(CaseState(row[0]), row[1], float(row[2]), float(row[3])) for row in rows}
    return [found[state] for state in CaseState if state in found]


def _percentiles(days: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return (
        func.percentile_cont(0.5).within_group(days),
        func.percentile_cont(0.9).within_group(days),
    )


def seen(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter over cases that an actor may count; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_COUNTS)
    return policy.visible(actor, Permission.VIEW_COUNTS, today)


def _sees_all(actor: Actor) -> bool:
    reaches = policy.reaches(actor, Permission.VIEW_COUNTS)
    return any(reach.relation is Relation.ANYWHERE for reach in reaches)
