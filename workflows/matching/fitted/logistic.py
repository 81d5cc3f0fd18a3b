"""Logistic regression with a ridge: Newton's method, and errors that allow for households.

The loss is strictly convex, so that the point where its gradient is nothing is the one optimum.
"""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Floats, Ints

_MOST_STEPS, _MOST_HALVINGS = 100, 40
_FLAT = 1e-9
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Coefficients with their standard errors, in the order of the columns."""

    coefficients: Floats
    errors: Floats


def chances(design: Floats, coefficients: Floats) -> Floats:
    """Return the chance of each row."""
    return logistic(design @ coefficients)


def logistic(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)) without overflow."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * values))
    return found


def estimate(design: Floats, outcome: Floats, ridge: Floats, cluster: Ints) -> Estimate:
    """Fit outcomes of 0 or 1; `ridge` (above 0) penalises half the square of each coefficient.

    Rows of one cluster may depend on each other: the errors are those of the sandwich of Huber
    and White by cluster. Raises ArithmeticError when it does not come to rest.
    """
    coefficients = _optimum(design, outcome, ridge)
    chance = chances(design, coefficients)
    bread = np.linalg.inv(_curvature(design, chance, ridge))
    _, number = np.unique(cluster, return_inverse=True)
    pulls = np.zeros((number.max(initial=-1) + 1, design.shape[1]))
    np.add.at(pulls, number, design * (outcome - chance)[:, None])
    spread = bread @ (pulls.T @ pulls) @ bread
    return Estimate(coefficients, np.sqrt(np.diag(spread)))


def gradient(design: Floats, outcome: Floats, ridge: Floats, coefficients: Floats) -> Floats:
    """Return the gradient of the loss: the surplus of chance over outcome, and the ridge."""
    surplus = chances(design, coefficients) - outcome
    found: Floats = design.T @ surplus + ridge * coefficients
    return found


def _optimum(design: Floats, outcome: Floats, ridge: Floats) -> Floats:
    at = np.zeros(design.shape[1])
    for _ in range(_MOST_STEPS):
        slope = gradient(design, outcome, ridge, at)
        if np.abs(slope).max(initial=0.0) <= _FLAT * max(len(outcome), 1):
            return at
        curvature = _curvature(design, chances(design, at), ridge)
        step = np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64)
        at = _downhill(design, outcome, ridge, at, step)
    raise ArithmeticError("the coefficients do not come to rest")


def _downhill(design: Floats, outcome: Floats, ridge: Floats, at: Floats, step: Floats) -> Floats:
    """Return where a step leads, halved until the loss does not rise but by rounding."""
    loss = _loss(design, outcome, ridge, at)
    for _ in range(_MOST_HALVINGS):
        if _loss(design, outcome, ridge, at - step) <= loss + _ROUNDING * (1.0 + loss):
            break
        step = step / 2
    return np.asarray(at - step)


def _loss(design: Floats, outcome: Floats, ridge: Floats, coefficients: Floats) -> float:
    values = design @ coefficients
    fit = np.logaddexp(0.0, values) - outcome * values
    return float(fit.sum() + 0.5 * (ridge * coefficients**2).sum())


def _curvature(design: Floats, chance: Floats, ridge: Floats) -> Floats:
    weighted = design * (chance * (1.0 - chance))[:, None]
    found: Floats = weighted.T @ design + np.diag(ridge)
    return found
