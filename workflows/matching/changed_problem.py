"""A problem with one thing changed for a pair of a household and a municipality: a copy each."""

from dataclasses import replace

import numpy as np

from workflows.matching.arrays import Floats, Ints
from workflows.matching.problem import Problem


def with_higher_score(problem: Problem, household: int, place: int, points: float) -> Problem:
    """Return the problem in which the household scores `points` more there."""
    score = problem.score.copy()
    score[household, place] += points
    return _scored(problem, score)


def with_more_room(problem: Problem, place: int, added: Ints) -> Problem:
    """Return the problem with more room there, `added` to each row."""
    room = problem.room.copy()
    room[place] += added
    room.flags.writeable = False
    return replace(problem, room=room)


def with_less_scarce_room(
    problem: Problem, prices: Floats, household: int, place: int, points: float
) -> Problem:
    """Return the problem in which what the household takes there is `points` less scarce.

    Room is scarce by what others gain with it. So each other household scores less there, in the
    proportion in which it takes priced room: the prices that fit then are lower by so much.
    `prices` must give what the household takes there a price.
    """
    score = problem.score.copy()
    paid = problem.priced_use(prices)[:, place]
    lost = paid * (points / paid[household])
    lost[household] = 0.0
    score[:, place] -= lost
    return _scored(problem, score)


def _scored(problem: Problem, score: Floats) -> Problem:
    score.flags.writeable = False
    return replace(problem, score=np.asarray(score))
