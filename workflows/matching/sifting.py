"""The linear program over all pairs, solved on a few of them; the rest is proven not to matter."""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Flags, Floats
from workflows.matching.linear import Pairs, Program, SolverFailed
from workflows.matching.pricing import best_net
from workflows.matching.problem import Problem

_PAIRS_PER_HOUSEHOLD = 4
_FEWEST_PAIRS = 3
_ROUNDS = 40
_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Prices of room, the bound that they prove and the value that fractions of households reach.

    Optimal when the two are equal; a bound holds whatever they are.
    """

    prices: Floats
    bound: float
    value: float


def sift(
    problem: Problem, prices: Floats, weight: Floats, tolerance: float = _TOLERANCE
) -> Relaxation:
    """Solve the linear program from prices that are nearly right.

    The pairs of least regret go in; after each solution every pair of the table is priced, and
    those that would pay are added, until none is left or bound and value are so near, as a part of
    the value, as `tolerance` says. Interior point without crossover, because
    its prices lie amid the optimal ones and bring few pairs that do not matter.
    """
    net = problem.value - problem.priced_use(prices)
    chosen = _first_pairs(problem, net, weight)
    best = Relaxation(prices, _bound(problem, net, prices, weight), -np.inf)
    for _ in range(_ROUNDS):
        program = Program(
            problem, Pairs.where(chosen), problem.room, weight, solver="ipm", run_crossover="off"
        )
        try:
            program.run()
        except SolverFailed:
            # Any prices prove a bound, so the best ones known stand.
            break
        value = program.value - float((problem.loss * weight).sum())
        prices = program.prices
        net = problem.value - problem.priced_use(prices)
        bound = _bound(problem, net, prices, weight)
        if bound < best.bound:
            best = Relaxation(prices, bound, value)
        if bound - value <= tolerance * max(1.0, abs(value)):
            break
        known = np.maximum(np.where(chosen, net, -np.inf).max(axis=1), -problem.loss)
        paying = ~chosen & (net > known[:, None] + _TOLERANCE)
        if not paying.any():
            break
        chosen |= paying
    return best


def _first_pairs(problem: Problem, net: Floats, weight: Floats) -> Flags:
    """Return the pairs of least regret, and a few of each household to hold its price down.

    A few households that stand for many spread over as much room as the many would.
    """
    regret = best_net(problem, net)[:, None] - net
    spread = max(problem.households, min(int(weight.sum()), problem.room.size))
    wanted = min(regret.size, _PAIRS_PER_HOUSEHOLD * spread) - 1
    chosen = regret <= np.partition(regret, wanted, axis=None)[wanted]
    few = min(_FEWEST_PAIRS, problem.places) - 1
    chosen |= regret <= np.partition(regret, few, axis=1)[:, few : few + 1]
    return np.asarray(chosen & np.isfinite(regret))


def _bound(problem: Problem, net: Floats, prices: Floats, weight: Floats) -> float:
    return float((best_net(problem, net) * weight).sum() + (problem.room * prices).sum())
