"""Better plans from a plan: ejection and exchange in turns, then again from under other prices."""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Floats
from workflows.matching.ejection import Candidates, eject
from workflows.matching.exchange import exchange
from workflows.matching.placement import GAIN, Placement

_ROUNDS = 40
_REPAIR_ROUNDS = 8
_PAIRS_PER_HOUSEHOLD = 60
_SEED = 2017


@dataclass(frozen=True, slots=True)
class Effort:
    """How often the search starts again, and how far prices are shaken each time."""

    shakes: int
    amplitude: float = 0.03


def search(placement: Placement, regret: Floats, effort: Effort) -> Placement:
    """Improve a placement until nothing gains, shake it some times, and return the best.

    A shake adds small numbers, drawn from a fixed seed, to the scores by profile and municipality,
    follows them for two rounds and then improves by the true scores again. Only for problems
    whose use does not depend on the municipality.
    """
    problem = placement.problem
    if not np.isfinite(regret).any():
        return placement
    wanted = min(regret.size, _PAIRS_PER_HOUSEHOLD * problem.households) - 1
    margin = float(np.partition(regret, wanted, axis=None)[wanted])
    candidates = Candidates(placement, regret, margin)
    _improve(placement, candidates, _ROUNDS)
    best, reached = placement, problem.objective(placement.assignment)
    chance = np.random.default_rng(_SEED)
    shape = (len(problem.profiles[0]), problem.places)
    for _ in range(effort.shakes):
        trial = Placement.of(problem, best.assignment)
        bias = chance.normal(0.0, effort.amplitude, shape)
        for pairs in (False, True):
            eject(trial, candidates, bias)
            exchange(trial, pairs=pairs, bias=bias)
        _improve(trial, candidates, _REPAIR_ROUNDS)
        found = problem.objective(trial.assignment)
        if found > reached + GAIN:
            best, reached = trial, found
    return best


def _improve(placement: Placement, candidates: Candidates, rounds: int) -> None:
    for turn in range(rounds):
        gained = eject(placement, candidates) + exchange(placement, pairs=turn % 2 == 1)
        if gained <= GAIN and turn % 2 == 1:
            break
