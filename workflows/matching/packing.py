"""Plans by whole sets: each municipality takes one set of households, none goes twice.

The linear program over sets knows that half a household fits nowhere, so its bound lies much
nearer to what can be reached than one that only prices room. The sets are made as they are needed
(`knapsack.py`), and an integer program chooses among those that may be in a better plan.
"""

from collections.abc import Callable

import numpy as np

from workflows.matching.arrays import Ints
from workflows.matching.charging import Charged, charge
from workflows.matching.knapsack import Charges, Knapsacks
from workflows.matching.linear import SolverFailed
from workflows.matching.nearly_best import NearSets, nearly_best
from workflows.matching.polish import Polished
from workflows.matching.problem import Problem
from workflows.matching.sets import SetProgram, Sets

_SHAKES = 8
_AMPLITUDE = 0.02
_NODES = 100
_FEW_NODES = 5
_MOST_SETS = 8000
_TOLERANCE = 1e-7
_SEED = 2017


def pack(
    problem: Problem,
    charges: Charges,
    assignment: Ints,
    told: Callable[[], None] = lambda: None,
    *,
    prove: bool = True,
) -> Polished:
    """Improve an assignment by sets, and prove a bound.

    `charges` are a first guess: what leaving each household unplaced gives up at prices of room,
    and these prices. `told` is called in between and may raise, to stop. Without `prove` it is
    content with the sets that the linear program made.
    """
    knapsacks = Knapsacks(problem)
    sets = Sets(problem, knapsacks.wide)
    sets.add_plan(assignment)
    charged = charge(sets, knapsacks, charges, told)
    bound = charged.best.bound - float(problem.loss.sum())
    if prove:
        _enrich(sets, knapsacks, charged)
    told()
    best, _ = _chosen(sets, charged, assignment, _NODES if prove else _FEW_NODES)
    gap = bound - problem.objective(best)
    if gap <= _TOLERANCE or not prove:
        return Polished(best, bound)
    told()
    near = nearly_best(knapsacks, charged.charges, gap + _TOLERANCE, _MOST_SETS)
    if near is None:
        return Polished(best, bound)
    return _proven(sets, charged, near, best)


def _proven(sets: Sets, charged: Charged, near: NearSets, assignment: Ints) -> Polished:
    """Choose among all sets that can be in a better plan, so that what is proven holds of all."""
    problem = sets.problem
    gap = charged.best.bound - float(problem.loss.sum()) - problem.objective(assignment)
    every = Sets(problem, sets.wide)
    every.add_plan(assignment)
    every.add_best(charged.best, gap + _TOLERANCE)
    for place, households in near:
        every.add(place, households)
    best, upper = _chosen(every, charged, assignment)
    bound = charged.best.bound if upper is None else min(charged.best.bound, upper)
    return Polished(best, bound - float(problem.loss.sum()))


def _chosen(
    sets: Sets, charged: Charged, assignment: Ints, nodes: int = _NODES
) -> tuple[Ints, float | None]:
    """Return the best choice of sets, and the gain that no choice of them exceeds.

    None where there were too many and some were left out.
    """
    problem = sets.problem
    reached = problem.objective(assignment)
    gap = charged.best.bound - float(problem.loss.sum()) - reached + _TOLERANCE
    loss = sets.loss(charged.best, charged.charges)
    wanted = int(np.count_nonzero(loss <= gap))
    if not wanted:
        return assignment, None
    program = SetProgram(sets, mip_max_nodes=nodes, mip_rel_gap=0.0, mip_abs_gap=1e-7)
    program.take_in(np.argsort(loss, kind="stable")[: min(wanted, _MOST_SETS)])
    try:
        found, upper = program.whole()
    except SolverFailed:
        return assignment, None
    better = problem.objective(found) > reached
    return found if better else assignment, upper if wanted <= _MOST_SETS else None


def _enrich(sets: Sets, knapsacks: Knapsacks, charged: Charged) -> None:
    """Add sets that are nearly as good, found at charges a little beside the best."""
    chance = np.random.default_rng(_SEED)
    household, prices = charged.charges.household, charged.charges.prices
    for _ in range(_SHAKES):
        shaken = household + chance.normal(0.0, _AMPLITUDE, len(household))
        sets.add_best(knapsacks.best(Charges(np.maximum(shaken, 0.0), prices)))
