"""The fitted model as a score: what it says of an adult in each municipality, term by term.

A score is a sum over the screened adults, each between 0 and 1. It ranks municipalities for a
household. Outcomes were not drawn by lot, so that it is no promise of what a municipality does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workflows.matching.arrays import Floats
from workflows.matching.facts import Adult, Seeker
from workflows.matching.fitted.features import FEATURES, LAST, OF_ADULT, of_adult
from workflows.matching.fitted.logistic import logistic
from workflows.matching.score import AdultPoints, PointsModel, added_up

# Closer together than this, the slope of the chord is that of the curve.
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Fitted:
    """A version of the fitted model: a coefficient per feature, and on how much it was fitted."""

    version: int
    hash: str
    measurements: int
    coefficients: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse coefficients that are not those of the features; raises ValueError."""
        if set(self.coefficients) != set(FEATURES):
            raise ValueError("a coefficient for each feature, and no other")


class FittedModel:
    """Scores households by a fitted model; the same input gives the same bytes."""

    weights_version = None

    def __init__(self, points: PointsModel, by: Fitted) -> None:
        self._points = points
        self.places = points.places
        self._coefficients = by.coefficients
        self._own = np.array([by.coefficients[name] for name in OF_ADULT])
        self.fitted: Mapping[str, Any] = {
            "version": by.version,
            "hash": by.hash,
            "measurements": by.measurements,
        }

    def scores(self, seekers: Sequence[Seeker]) -> Floats:
        """Return the score of each household in each municipality (households x places)."""
        return added_up(self, seekers, len(self.places))

    def points(self, seeker: Seeker, adult: Adult) -> AdultPoints:
        """Return the points of an adult, two years after moving in.

        Each term has its part of what all terms together move the start: that part is the term's
        share of the way, weighed by the average slope along it (Aumann and Shapley), so that base
        and terms add up to the score exactly.
        """
        start = float(self._own @ np.array(of_adult(adult, LAST)))
        moves = {
            term: self._coefficients[term.value] * values
            for term, values in self._points.measures(seeker, adult).items()
        }
        slope = _average_slope(start, np.sum(list(moves.values()), axis=0))
        return AdultPoints(
            adult.person_id,
            {term: move * slope for term, move in moves.items()},
            base=float(logistic(np.array(start))),
        )


def _average_slope(start: float, way: Floats) -> Floats:
    """Return the slope of the chord of the logistic curve from a start, by the way from it."""
    chance = logistic(np.array(start))
    risen = logistic(start + way) - chance
    tangent = np.full_like(way, chance * (1.0 - chance))
    found: Floats = np.divide(risen, way, out=tangent, where=np.abs(way) > _NEAR)
    return found
