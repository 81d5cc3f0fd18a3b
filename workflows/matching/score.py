"""The points model: what a household may expect in each municipality, term by term.

A score is a sum over the screened adults, each between 0 and 1 point. It ranks municipalities
for a household; it is no chance of finding work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.vocabulary import ScoreTerm
from workflows.matching.demand import Demand
from workflows.matching.facts import Adult, Market, Place, Seeker, Weights

Points = npt.NDArray[np.float64]
# A tile of the map is some ten kilometres; beyond this many nothing is near.
FAR = 20
# What belonging to the same region is worth beside belonging to the very municipality, or to a
# region that was advised: half of it.
NEXT_BEST = 0.5


@dataclass(frozen=True, slots=True)
class AdultPoints:
    """The points of an adult in each municipality, per term: with the base they are the score.

    `base` is what an adult starts with anywhere; the points model gives nothing beforehand.
    """

    person_id: int
    terms: dict[ScoreTerm, Points]
    base: float = 0.0

    @property
    def total(self) -> Points:
        """The score of this adult in each municipality."""
        total: Points = self.base + np.sum([self.terms[term] for term in ScoreTerm], axis=0)
        return total


class ScoreModel(Protocol):
    """What scores households in municipalities, adult by adult."""

    @property
    def places(self) -> tuple[Place, ...]:
        """The municipalities, in the order of the scores."""

    @property
    def weights_version(self) -> int | None:
        """The version of the weights that it scores by; None when it has none."""

    @property
    def fitted(self) -> Mapping[str, Any] | None:
        """The version, hash and measurements of a fitted model; None for points."""

    def scores(self, seekers: Sequence[Seeker]) -> Points:
        """Return the score of each household in each municipality (households x places)."""

    def points(self, seeker: Seeker, adult: Adult) -> AdultPoints:
        """Return the points of an adult of a household, per term."""


def added_up(model: ScoreModel, seekers: Sequence[Seeker], places: int) -> Points:
    """Return the scores of households: those of their adults added up (households x places)."""
    found = np.zeros((len(seekers), places))
    for number, seeker in enumerate(seekers):
        for adult in seeker.adults:
            found[number] += model.points(seeker, adult).total
    return found


class PointsModel:
    """Scores households in municipalities; the same input gives the same bytes."""

    fitted = None

    def __init__(self, places: Sequence[Place], market: Market, weights: Weights) -> None:
        self.places = tuple(places)
        self.weights = weights
        self._regions = sorted({place.region for place in self.places})
        index = {number: position for position, number in enumerate(self._regions)}
        self._region_of = np.array([index[place.region] for place in self.places], dtype=np.intp)
        self._demand = Demand(market, self._regions)

    @property
    def weights_version(self) -> int:
        """The version of the weights."""
        return self.weights.version

    def scores(self, seekers: Sequence[Seeker]) -> Points:
        """Return the score of each household in each municipality (households x places)."""
        return added_up(self, seekers, len(self.places))

    def points(self, seeker: Seeker, adult: Adult) -> AdultPoints:
        """Return the points of an adult of a household, per term."""
        raw = self.measures(seeker, adult)
        return AdultPoints(
            adult.person_id, {term: raw[term] * self.weights.share(term) for term in ScoreTerm}
        )

    def measures(self, seeker: Seeker, adult: Adult) -> dict[ScoreTerm, Points]:
        """Return how far each term applies in each municipality, unweighted: 0 to 1."""
        return {
            ScoreTerm.OCCUPATION: self._occupation(adult),
            ScoreTerm.EDUCATION: self._demand.of_education(adult.education)[self._region_of],
            ScoreTerm.NETWORK: self._belonging(adult.network),
            ScoreTerm.LANGUAGE: self._language(adult),
            ScoreTerm.ADVICE: self._advice(seeker),
            ScoreTerm.NEARNESS: self._nearness(seeker.centre),
        }

    def _occupation(self, adult: Adult) -> Points:
        """Return the demand for an adult's best job there; without one that of the education."""
        if not adult.jobs:
            return self._demand.of_education(adult.education)[self._region_of]
        longest = max(*(years for _, years in adult.jobs), 1)
        shares = [
            self._demand.of_occupation(group) * (0.5 + 0.5 * min(years, longest) / longest)
            for group, years in adult.jobs
        ]
        best: Points = np.max(shares, axis=0)
        return best[self._region_of]

    def _belonging(self, code: str | None) -> Points:
        """Return 1 in a municipality, half of it elsewhere in its region and 0 beyond."""
        found = np.zeros(len(self.places))
        position = self._position.get(code or "")
        if position is not None:
            found[self._region_of == self._region_of[position]] = NEXT_BEST
            found[position] = 1.0
        return found

    def _language(self, adult: Adult) -> Points:
        helped = [not adult.languages.isdisjoint(place.languages) for place in self.places]
        return np.array(helped, dtype=np.float64)

    def _advice(self, seeker: Seeker) -> Points:
        """Return 1 in the advised regions and half of it in that of the reception centre."""
        advised = [place.region in seeker.advised_regions for place in self.places]
        found = np.array(advised, dtype=np.float64)
        position = self._position.get(seeker.centre or "")
        if position is not None:
            home = self._region_of == self._region_of[position]
            found[home] = np.maximum(found[home], NEXT_BEST)
        return found

    def _nearness(self, code: str | None) -> Points:
        """Return 1 at a municipality, falling evenly to 0 at 20 tiles of the map."""
        position = self._position.get(code or "")
        if position is None:
            return np.zeros(len(self.places))
        distance = np.hypot(*(self._tiles - self._tiles[position]).T)
        near: Points = 1.0 - np.minimum(distance / FAR, 1.0)
        return near

    @cached_property
    def _position(self) -> dict[str, int]:
        return {place.code: position for position, place in enumerate(self.places)}

    @cached_property
    def _tiles(self) -> Points:
        return np.array([(place.column, place.row) for place in self.places], dtype=np.float64)
