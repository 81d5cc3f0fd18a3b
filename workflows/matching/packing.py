"""Plans by whole sets: each municipality takes one set of households, none goes twice.

The linear program over sets knows that half a household fits nowhere, so its bound lies much
nearer to what can be reached than one that only prices room. The sets are made as they are needed
(`knapsack.py`), and an integer program chooses among those that may be in a better plan.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Ints
from workflows.matching.knapsack import Best, Charges, Knapsacks
from workflows.matching.linear import SolverFailed
from workflows.matching.nearly_best import NearSets, nearly_best
from workflows.matching.polish import Polished
from workflows.matching.problem import Problem
from workflows.matching.sets import SetProgram, Sets

_ROUNDS = 150
_STEADY = 0.6
_NEAR = 0.05
_SHAKES = 8
_AMPLITUDE = 0.02
_NODES = 100
_FEW_NODES = 5
_MOST_SETS = 4000
_TOLERANCE = 1e-7
_SEED = 2017


@dataclass(frozen=True, slots=True, eq=False)
class _Priced:
    """The charges that prove the least bound, and the best sets at them."""

    charges: Charges
    best: Best


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
    priced = _priced(sets, knapsacks, charges, told)
    bound = priced.best.bound - float(problem.loss.sum())
    if prove:
        _enrich(sets, knapsacks, priced)
    told()
    best, _ = _chosen(sets, priced, assignment, _NODES if prove else _FEW_NODES)
    gap = bound - problem.objective(best)
    if gap <= _TOLERANCE or not prove:
        return Polished(best, bound)
    told()
    near = nearly_best(knapsacks, priced.charges, gap + _TOLERANCE, _MOST_SETS)
    if near is None:
        return Polished(best, bound)
    return _proven(sets, priced, near, best)


def _proven(sets: Sets, priced: _Priced, near: NearSets, assignment: Ints) -> Polished:
    """Choose among all sets that can be in a better plan, so that what is proven holds of all."""
    problem = sets.problem
    gap = priced.best.bound - float(problem.loss.sum()) - problem.objective(assignment)
    every = Sets(problem, sets.wide)
    every.add_plan(assignment)
    every.add_best(priced.best, gap + _TOLERANCE)
    for place, households in near:
        every.add(place, households)
    best, upper = _chosen(every, priced, assignment)
    bound = priced.best.bound if upper is None else min(priced.best.bound, upper)
    return Polished(best, bound - float(problem.loss.sum()))


def _chosen(
    sets: Sets, priced: _Priced, assignment: Ints, nodes: int = _NODES
) -> tuple[Ints, float | None]:
    """Return the best choice of sets, and the gain that no choice of them exceeds.

    None where there were too many and some were left out.
    """
    problem = sets.problem
    reached = problem.objective(assignment)
    gap = priced.best.bound - float(problem.loss.sum()) - reached + _TOLERANCE
    loss = sets.loss(priced.best, priced.charges)
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


def _priced(
    sets: Sets, knapsacks: Knapsacks, charges: Charges, told: Callable[[], None]
) -> _Priced:
    """Make sets until none is lacking.

    The charges move only part of the way to those of the program, or they would swing.
    """
    program, held, steady = SetProgram(sets), 0, _STEADY
    least = _Priced(charges, knapsacks.best(charges))
    sets.add_best(least.best, _NEAR)
    for _ in range(_ROUNDS):
        told()
        program.take_in(np.arange(held, len(sets)))
        held = len(sets)
        try:
            gain, duals = program.relaxed()
        except SolverFailed:
            # Any charges prove a bound, so what is known by now stands.
            break
        if least.best.bound - gain <= _TOLERANCE * max(1.0, abs(gain)):
            break
        charges = _between(least.charges, duals, steady)
        found = knapsacks.best(charges)
        if found.bound < least.best.bound:
            least = _Priced(charges, found)
        new = sets.add_best(found)
        if not new and steady == 0:
            break
        steady = _STEADY if new else 0.0
    return least


def _between(one: Charges, other: Charges, part: float) -> Charges:
    return Charges(
        part * one.household + (1 - part) * other.household,
        part * one.prices + (1 - part) * other.prices,
    )


def _enrich(sets: Sets, knapsacks: Knapsacks, priced: _Priced) -> None:
    """Add sets that are nearly as good, found at charges a little beside the best."""
    chance = np.random.default_rng(_SEED)
    household, prices = priced.charges.household, priced.charges.prices
    for _ in range(_SHAKES):
        shaken = household + chance.normal(0.0, _AMPLITUDE, len(household))
        sets.add_best(knapsacks.best(Charges(np.maximum(shaken, 0.0), prices)))
