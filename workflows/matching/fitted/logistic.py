"""Logistic regression with a ridge by scikit-learn, and errors that allow for households."""

import warnings
from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Floats, Ints

_MOST_STEPS = 100
_FLAT = 1e-10


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
    and White by cluster. Raises ArithmeticError when it does not come to rest or when all outcomes
    are alike.
    """
    coefficients = _optimum(design, outcome, ridge)
    chance = chances(design, coefficients)
    bread = np.linalg.inv(_curvature(design, chance, ridge))
    _, number = np.unique(cluster, return_inverse=True)
    pulls = np.zeros((number.max(initial=-1) + 1, design.shape[1]))
    np.add.at(pulls, number, design * (outcome - chance)[:, None])
    spread = bread @ (pulls.T @ pulls) @ bread
    return Estimate(coefficients, np.sqrt(np.diag(spread)))


def _optimum(design: Floats, outcome: Floats, ridge: Floats) -> Floats:
    """Return the coefficients of least loss.

    The library has one ridge for all columns: a column that is widened by the root of its share
    of the mean ridge has its own.
    """
    # To import it takes seconds, which a page need not wait for.
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - the same

    mean = float(ridge.mean())
    width = np.sqrt(mean / ridge)
    learner = LogisticRegression(
        C=1.0 / mean, fit_intercept=False, solver="newton-cholesky", tol=_FLAT, max_iter=_MOST_STEPS
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            learner.fit(design * width, outcome)
    except (ConvergenceWarning, ValueError) as error:
        raise ArithmeticError("the coefficients do not come to rest") from error
    found: Floats = learner.coef_[0] * width
    return found


def _curvature(design: Floats, chance: Floats, ridge: Floats) -> Floats:
    weighted = design * (chance * (1.0 - chance))[:, None]
    found: Floats = weighted.T @ design + np.diag(ridge)
    return found
