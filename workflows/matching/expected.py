"""Who is expected for the room that is linked to now, by the households of the weeks gone by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

import numpy as np
from sqlalchemy import ColumnElement, Connection, func, or_, select

from models import Case
from models.vocabulary import CaseState
from workflows.actor import Actor
from workflows.matching.arrays import Floats
from workflows.matching.online import evenly
from workflows.matching.waiting import Waiting, screened_households, waiting_households
from workflows.quota.reservation import half_year_of_move
from workflows.reading.rules import norms
from workflows.rules.norms import Norm

_WEEK = 7
_WEEKS_SEEN = 8


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Households that stand for all who wait or will come, and for how many each of them stands.

    `arrivals` is how many households got a permit since `since`, and `coming` how many are
    expected for the half-year in which who gets a permit today moves: those who have a permit
    but cannot be linked yet, and those who get one while moves fall in that half-year.
    """

    households: tuple[Waiting, ...]
    number: Floats
    since: date
    arrivals: int
    coming: int
    waiting: int


def expected_on(connection: Connection, actor: Actor, today: date) -> Expected:
    """Read who waits, and who is expected by the permits of the last eight weeks.

    Who is expected looks like those of these weeks whose screening is complete, and is linked
    from today on; without any of them, like those who wait.
    """
    since = today - timedelta(weeks=_WEEKS_SEEN)
    waiting = waiting_households(connection, actor, today)
    recent = screened_households(connection, actor, since, today)
    alike = [
        replace(recent[number], permit_on=today, suspended_days=0, due_on=None)
        for number in evenly(len(recent))
    ]
    arrived = _arrivals(connection, since, today)
    weeks = permit_days(norms(connection), today) / _WEEK
    coming = Counter({size: number / _WEEKS_SEEN * weeks for size, number in arrived.items()})
    coming.update(_not_ready(connection))
    sizes = [each.seeker.persons for each in alike or waiting]
    shares = shared_out(sizes, coming)
    number = (
        np.concatenate([np.ones(len(waiting)), shares]) if alike else np.ones(len(waiting)) + shares
    )
    return Expected(
        households=(*waiting, *alike),
        number=number,
        since=since,
        arrivals=sum(arrived.values()),
        coming=round(sum(coming.values())),
        waiting=len(waiting),
    )


def permit_days(rules: Sequence[Norm], today: date) -> int:
    """Return for how many days, today included, a permit leads to a move in one half-year."""
    half_years = (
        half_year_of_move(rules, day, 0, day)
        for day in (today + timedelta(days=passed) for passed in count())
    )
    now = next(half_years)
    return 1 + next(days for days, half_year in enumerate(half_years) if half_year != now)


def shared_out(sizes: Sequence[int], coming: Mapping[int, float]) -> Floats:
    """Return for how many to come each household stands, given the persons in it.

    `coming` is by persons; a size that no household has goes to those of the nearest size.
    """
    having = Counter(sizes)
    by_size = dict.fromkeys(having, 0.0)
    for persons, number in coming.items() if having else ():
        nearest = min(having, key=lambda size: (abs(size - persons), size))
        by_size[nearest] += number
    return np.array([by_size[size] / having[size] for size in sizes])


def _arrivals(connection: Connection, since: date, today: date) -> dict[int, int]:
    """Return the households whose permit was given in the weeks gone by, by persons."""
    return _by_persons(connection, Case.permit_on >= since, Case.permit_on < today)


def _not_ready(connection: Connection) -> dict[int, int]:
    """Return the households that are not screened yet, or whose clock stands still, by persons."""
    not_screened = Case.state == CaseState.REGISTERED
    suspended = (Case.state == CaseState.SCREENED) & Case.suspended_on.is_not(None)
    return _by_persons(connection, or_(not_screened, suspended))


def _by_persons(connection: Connection, *chosen: ColumnElement[bool]) -> dict[int, int]:
    rows = connection.execute(
        select(Case.persons, func.count()).where(Case.persons > 0, *chosen).group_by(Case.persons)
    )
    return {row[0]: row[1] for row in rows}
