"""Small problems to the optimum, or as near as a limited integer program comes."""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.linear import Pairs, Program, SolverFailed
from workflows.matching.problem import Problem

_PAIRS_PER_HOUSEHOLD = 12
_MOST_PAIRS = 60_000
_NODES = 10
_SLACK = 1e-7


@dataclass(frozen=True, slots=True)
class Polished:
    """An assignment at least as good as the one given, and what no plan exceeds (or None)."""

    assignment: Ints
    proven: float | None


def polish(problem: Problem, regret: Floats, assignment: Ints, price_bound: float) -> Polished:
    """Improve an assignment by an integer program over the pairs of least regret.

    A pair whose regret exceeds the gap between bound and plan can be in no better plan. When the
    program held every other pair, its own bound is a bound of the whole problem.
    """
    best, proven = assignment, None
    margin = _margin(problem, regret)
    for _ in range(2):
        gap = price_bound - problem.objective(best)
        margin = min(margin, gap + _SLACK)
        best, upper = _solved(problem, regret, best, margin)
        gap = price_bound - problem.objective(best)
        if gap <= margin:
            proven = upper
            break
        if np.count_nonzero(regret <= gap + _SLACK) > _MOST_PAIRS:
            break
        margin = gap + _SLACK
    return Polished(best, proven)


def _margin(problem: Problem, regret: Floats) -> float:
    wanted = min(regret.size, _PAIRS_PER_HOUSEHOLD * problem.households) - 1
    return float(np.partition(regret, wanted, axis=None)[wanted])


def _solved(
    problem: Problem, regret: Floats, assignment: Ints, margin: float
) -> tuple[Ints, float]:
    placed = np.flatnonzero(assignment != NOWHERE)
    chosen = (regret <= margin) & np.isfinite(regret)
    chosen[placed, assignment[placed]] = True
    pairs = Pairs.where(chosen)
    if not len(pairs):
        return assignment, problem.objective(assignment)
    program = Program(
        problem, pairs, problem.room, mip_max_nodes=_NODES, mip_rel_gap=0.0, mip_abs_gap=1e-7
    )
    program.make_integer()
    program.start_from((assignment[pairs.household] == pairs.place).astype(np.float64))
    try:
        program.run(to_the_end=False)
    except SolverFailed:
        return assignment, np.inf
    whole = program.chosen > 1 / 2
    found = np.full(problem.households, NOWHERE)
    found[pairs.household[whole]] = pairs.place[whole]
    better = problem.objective(found) > problem.objective(assignment)
    return found if better else assignment, program.upper_bound - float(problem.loss.sum())
