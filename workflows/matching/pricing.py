"""Regret at prices of room, and the bound that any prices prove."""

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.problem import Problem


def best_net(problem: Problem, net: Floats) -> Floats:
    """Return per household the best of its net scores and of staying unplaced."""
    return np.asarray(np.maximum(net.max(axis=1), -problem.loss))


def regrets(problem: Problem, prices: Floats) -> tuple[Floats, Floats]:
    """Return the regret per household and municipality, and the regret of staying unplaced.

    Regret is how far a net score (score minus priced use) stays below the household's best;
    infinite where a household may not go.
    """
    net = problem.value - problem.priced_use(prices)
    best = best_net(problem, net)
    np.subtract(best[:, None], net, out=net)
    return net, best + problem.loss


def bound(problem: Problem, prices: Floats, weight: Floats | None = None) -> float:
    """Return what no plan can exceed, whatever the prices (none may be negative).

    Lagrangian duality: each household at its best net score, plus the priced room. `weight` counts
    a household more than once (or in part), for expected arrivals.
    """
    best = best_net(problem, problem.value - problem.priced_use(prices))
    return float((best if weight is None else best * weight).sum() + (problem.room * prices).sum())


def chosen_regrets(regret: Floats, unplaced: Floats, assignment: Ints) -> Floats:
    """Return the regret of each household at where an assignment puts it."""
    placed = assignment != NOWHERE
    at = regret[np.arange(len(assignment)), np.where(placed, assignment, 0)]
    return np.asarray(np.where(placed, at, unplaced))
