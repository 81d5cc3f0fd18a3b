"""The flow as time: the stock per state with its ages, who waits, time in each step."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    select,
    text,
)

from models import Case, Stay
from models.vocabulary import (
    LIVE_STATES,
    CaseState,
)
from workflows import policy
from workflows.actor import Actor
from workflows.flow.stages import Aged, Waiting, percentile, state_norms, summed
from workflows.moment import Moment
from workflows.opening import read_rules
from workflows.permissions import Permission, Relation
from workflows.reading.flow_list import age, left_lately, not_finished_before
from workflows.rules.norms import NormCode, norm_on

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """The norms in days that the flow is held against."""

    states: dict[CaseState, int]
    move: int


@dataclass(frozen=True, slots=True)
class Dwell:
    """Days that cases stood in a state, of the times that one left it lately."""

    state: CaseState
    times: int
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
    days = age(today).label("days")
    ages = connection.execute(
        select(Case.state, Case.waiting_party, days, func.count(), func.sum(Case.persons))
        .join(Stay, and_(Stay.case_id == Case.id, Stay.left_at.is_(None)))
        .where(Case.state.in_(LIVE_STATES), seen(actor, today))
        .group_by(Case.state, Case.waiting_party, text("days"))
    )
    groups: dict[tuple[CaseState | None, str | None], list[Aged]] = defaultdict(list)
    for code, party, age_days, cases, persons in ages:
        state = CaseState(code)
        aged = Aged(int(age_days), int(cases), int(persons), norms.get(state, 0))
        for key in ((state, None), (None, party), (state, party)):
            groups[key].append(aged)
    order = {state: place for place, state in enumerate(CaseState)}
    return [
        summed(state, party, groups[state, party])
        for state, party in sorted(
            groups, key=lambda key: (order[key[0]] if key[0] else -1, key[1] or "")
        )
    ]


def dwell(connection: Connection, actor: Actor, today: date) -> list[Dwell]:
    """Return the days in each state, of each time that it was left in the last thirteen weeks.

    The time with one party after the other counts together. Days are rounded to tenths.
    """
    left = select(Stay.state, Stay.dwelt_tenths, func.count()).where(left_lately(today))
    if not _sees_all(actor):
        left = left.join(Case, Case.id == Stay.case_id).where(
            seen(actor, today), not_finished_before(today)
        )
    counted: dict[CaseState, list[tuple[int, int]]] = defaultdict(list)
    for code, tenths, times in connection.execute(left.group_by(Stay.state, Stay.dwelt_tenths)):
        counted[CaseState(code)].append((tenths or 0, times))
    return [
        Dwell(
            state,
            sum(times for _, times in found),
            percentile(found, 0.5) / _TENTHS,
            percentile(found, 0.9) / _TENTHS,
        )
        for state in CaseState
        if (found := sorted(counted[state]))
    ]


def seen(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter over cases that an actor may count; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_COUNTS)
    return policy.visible(actor, Permission.VIEW_COUNTS, today)


def _sees_all(actor: Actor) -> bool:
    reaches = policy.reaches(actor, Permission.VIEW_COUNTS)
    return any(reach.relation is Relation.ANYWHERE for reach in reaches)
