"""Better plans from a plan: ejection and exchange in turns, then again from under other prices."""

from dataclasses import dataclass, replace

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.ejection import Candidates, eject
from workflows.matching.exchange import exchange
from workflows.matching.placement import GAIN, Placement
from workflows.matching.problem import Problem

_ROUNDS = 40
_REPAIR_ROUNDS = 8
_PAIRS_PER_HOUSEHOLD = 60
_SEED = 2017


@dataclass(frozen=True, slots=True)
class Effort:
    """How often the search starts again, and how far prices are shaken each time."""

    shakes: int
    amplitude: float = 0.03


def search(
    problem: Problem, assignment: Ints, regret: Floats, unplaced: Floats, effort: Effort
) -> Ints:
    """Improve an assignment until nothing gains, shake it some times, and return the best.

    Staying behind counts as a place with room for all, so that who stays may change as well. A
    shake adds small numbers, drawn from a fixed seed, to the scores by profile and municipality,
    follows them for two rounds and then improves by the true scores again. Only for problems
    whose use does not depend on the municipality.
    """
    if not np.isfinite(regret).any():
        return assignment
    wanted = min(regret.size, _PAIRS_PER_HOUSEHOLD * problem.households) - 1
    margin = float(np.partition(regret, wanted, axis=None)[wanted])
    everywhere = _with_staying(problem)
    start = np.where(assignment == NOWHERE, problem.places, assignment)
    best = Placement.of(everywhere, start)
    candidates = Candidates(everywhere, np.column_stack([regret, unplaced]), margin)
    _improve(best, candidates, _ROUNDS)
    reached = everywhere.objective(best.assignment)
    chance = np.random.default_rng(_SEED)
    shape = (len(problem.profiles[0]), everywhere.places)
    for _ in range(effort.shakes):
        trial = Placement.of(everywhere, best.assignment)
        bias = chance.normal(0.0, effort.amplitude, shape)
        for pairs in (False, True):
            eject(trial, candidates, bias)
            exchange(trial, pairs=pairs, bias=bias)
        _improve(trial, candidates, _REPAIR_ROUNDS)
        found = everywhere.objective(trial.assignment)
        if found > reached + GAIN:
            best, reached = trial, found
    return np.where(best.assignment == problem.places, NOWHERE, best.assignment)


def _with_staying(problem: Problem) -> Problem:
    """Return the problem with a last place for who stays: room for all, at the loss of each."""
    return replace(
        problem,
        score=np.column_stack([problem.score, -problem.loss]),
        eligible=np.column_stack([problem.eligible, np.ones(problem.households, np.bool_)]),
        room=np.vstack([problem.room, problem.use.sum(axis=0)]),
    )


def _improve(placement: Placement, candidates: Candidates, rounds: int) -> None:
    for turn in range(rounds):
        gained = eject(placement, candidates) + exchange(placement, pairs=turn % 2 == 1)
        if gained <= GAIN and turn % 2 == 1:
            break
