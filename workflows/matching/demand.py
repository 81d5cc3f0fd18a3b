"""How likely an occupation or a level of education is asked for in each labour-market region."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from models.vocabulary import EducationLevel
from workflows.matching.facts import Market

Shares = npt.NDArray[np.float64]
# Major groups of ISCO-08 by the skill level that an education leads to (ILO, ISCO-08 volume 1,
# part II: level 1 is group 9, level 2 groups 4 to 8, level 3 group 3, level 4 groups 1 and 2).
# Whoever is trained for a level can also do the work of the level below.
MAJOR_GROUPS: dict[EducationLevel, str] = {
    EducationLevel.NONE: "9",
    EducationLevel.PRIMARY: "9",
    EducationLevel.LOWER_SECONDARY: "456789",
    EducationLevel.UPPER_SECONDARY: "45678",
    EducationLevel.VOCATIONAL: "345678",
    EducationLevel.BACHELOR: "123",
    EducationLevel.MASTER: "12",
}


class Demand:
    """The share of vacancies in vacancies and job seekers together, by region: 0 to 1.

    A group without figures in a region takes those of its major group there, and else those of
    all groups. A region without any figure has share 0, so that it gains nothing by not counting.
    """

    def __init__(self, market: Market, regions: Sequence[int]) -> None:
        self._counts = _added_up(market, regions)
        self._regions = len(regions)
        self._all = self._share_of(self._counts)
        self._known: dict[str, Shares] = {}

    def of_occupation(self, unit_group: str) -> Shares:
        """Return the share for a unit group (four digits) in each region."""
        return self._of(unit_group[:2])

    def of_education(self, level: EducationLevel) -> Shares:
        """Return the share for the occupations that a level of education leads to."""
        name = f"level {level}"
        if name not in self._known:
            majors = MAJOR_GROUPS[level]
            groups = [group for group in self._counts if group[0] in majors]
            self._known[name] = self._or_all(self._share_of(groups))
        return self._known[name]

    def _of(self, group: str) -> Shares:
        if group not in self._known:
            own = self._share_of([group])
            major = self._share_of([each for each in self._counts if each[0] == group[0]])
            self._known[group] = self._or_all(np.where(np.isnan(own), major, own))
        return self._known[group]

    def _or_all(self, shares: Shares) -> Shares:
        return np.nan_to_num(np.where(np.isnan(shares), self._all, shares))

    def _share_of(self, groups: Iterable[str]) -> Shares:
        """Return vacancies over vacancies and seekers; NaN where neither is known."""
        found = [self._counts[group] for group in groups if group in self._counts]
        if not found:
            return np.full(self._regions, np.nan)
        vacancies, seekers = np.sum(found, axis=0)
        whole = vacancies + seekers
        unknown = np.full(self._regions, np.nan)
        shares: Shares = np.divide(vacancies, whole, out=unknown, where=whole > 0)
        return shares


def _added_up(market: Market, regions: Sequence[int]) -> dict[str, npt.NDArray[np.float64]]:
    place = {number: index for index, number in enumerate(regions)}
    counts: dict[str, npt.NDArray[np.float64]] = defaultdict(lambda: np.zeros((2, len(regions))))
    for (region, group), (vacancies, seekers) in sorted(market.demand.items()):
        if region in place:
            counts[group][:, place[region]] += (vacancies, seekers)
    return dict(counts)
