"""How evenly a plan treats groups of households and municipalities; it never enters a score.

The captured share of a group is (got - lottery) / (own best - lottery), each summed over the group:
0 is what a lottery by room gives, 1 is what the group would get if it were alone in the country.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from workflows.flow.groups import LEAST
from workflows.matching.arrays import NOWHERE, Flags, Floats, Ints

MERGED = "other"
# A household's own chances and a municipality's own pull should have nothing to do with each other.
SORTING_ALARM = 0.10
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What each row (a household, or an adult) got, what a lottery gives and its own best; points.

    Whoever is not placed got nothing. `measured` is false where no municipality is possible.
    """

    got: Floats
    lottery: Floats
    best: Floats
    measured: Flags

    @classmethod
    def of(cls, score: Floats, possible: Flags, room: Floats, chosen: Ints) -> Self:
        """Return the gains of rows; `score`, `possible` and `room` are rows x municipalities.

        The lottery draws among the possible municipalities by their room; what is reckoned is its
        expectation, so that the same plan gives the same figures.
        """
        tickets = np.where(possible, room, 0.0)
        drawn = tickets.sum(axis=1)
        measured = drawn > 0
        lottery = np.where(possible, score, 0.0) * tickets
        best = np.where(possible, score, -np.inf).max(axis=1, initial=-np.inf)
        rows = np.arange(len(score))
        got = np.where(chosen == NOWHERE, 0.0, score[rows, np.maximum(chosen, 0)])
        return cls(
            got,
            np.divide(lottery.sum(axis=1), drawn, out=np.zeros(len(score)), where=measured),
            np.where(measured, best, 0.0),
            measured,
        )

    def share(self, members: Ints) -> float | None:
        """Return the captured share of a group; None where no choice makes a difference to it."""
        most = float((self.best[members] - self.lottery[members]).sum())
        if most < _NOTHING:
            return None
        return float((self.got[members] - self.lottery[members]).sum()) / most

    def below_lottery(self, members: Ints) -> float:
        """Return the part of a group that got less than a lottery gives, between 0 and 1."""
        return float((self.got[members] < self.lottery[members] - _NOTHING).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Lottery:
    """What a draw by room among the possible municipalities is reckoned from; by household."""

    score: Floats
    possible: Flags
    room: Floats

    def gains(self, chosen: Ints) -> Gains:
        """Return what households gain by an assignment, beside the lottery and their best."""
        return Gains.of(self.score, self.possible, self.room, chosen)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of gains that stand for a household each, or for an adult each.

    `household` is the place of the household of each row; `waited` are its days.
    """

    gains: Gains
    household: Ints
    waited: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """A group of at least ten households: its captured share, and how long it waited on average.

    `below` is the part that got less than a lottery gives.
    """

    dimension: str
    group: str
    households: int
    share: float | None
    below: float
    days_waited: float

    def as_json(self) -> dict[str, Any]:
        """Return the group as it is kept with a run."""
        return asdict(self)


def group_shares(
    dimension: str, rows: Rows, groups: Mapping[str, Ints] | Mapping[str, list[int]]
) -> list[GroupShare]:
    """Return the shares of the groups of a dimension, by the rows that belong to each.

    Groups of fewer than ten households are one together; if that is too small too, it is left out.
    """
    found: dict[str, set[int]] = {}
    for name, members in groups.items():
        measured = {int(each) for each in members if rows.gains.measured[each]}
        small = len({int(rows.household[each]) for each in measured}) < LEAST
        found.setdefault(MERGED if small else name, set()).update(measured)
    shares = [_group(dimension, name, rows, members) for name, members in sorted(found.items())]
    return [each for each in shares if each.households >= LEAST]


def _group(dimension: str, name: str, rows: Rows, members: set[int]) -> GroupShare:
    chosen = np.array(sorted(members), dtype=np.int64)
    return GroupShare(
        dimension=dimension,
        group=name,
        households=len(np.unique(rows.household[chosen])),
        share=rows.gains.share(chosen),
        below=rows.gains.below_lottery(chosen) if len(chosen) else 0.0,
        days_waited=float(rows.waited[chosen].mean()) if len(chosen) else 0.0,
    )


def worst(groups: list[GroupShare]) -> GroupShare | None:
    """Return the group with the lowest captured share, the first of equals."""
    shared = [each for each in groups if each.share is not None]
    return min(shared, key=lambda each: each.share or 0.0, default=None)


def evenness(groups: list[GroupShare]) -> dict[str, float]:
    """Return the lowest over the highest share by dimension: 1 is even; none for a lone group."""
    shares: dict[str, list[float]] = {}
    for each in groups:
        if each.share is not None:
            shares.setdefault(each.dimension, []).append(each.share)
    return {
        name: min(found) / max(found)
        for name, found in shares.items()
        if len(found) > 1 and max(found) > _NOTHING
    }


def sorting(per_adult: Floats, chosen: Ints) -> float | None:
    """Return the correlation of households' own chances with the pull of where they go.

    `per_adult` is what tells of the chances of work per adult, households x municipalities. The
    chances of a household are its average over all municipalities, the pull of a municipality the
    average over all households. None where one of both is the same for all that are placed.
    """
    placed = np.flatnonzero(chosen != NOWHERE)
    if len(placed) < LEAST:
        return None
    chances = per_adult.mean(axis=1)[placed]
    pull = per_adult.mean(axis=0)[chosen[placed]]
    if min(np.ptp(chances), np.ptp(pull)) < _NOTHING:
        return None
    return float(np.corrcoef(chances, pull)[0, 1])


def tertiles(values: Floats) -> Ints:
    """Return 0, 1 or 2 for the lowest, middle and highest third; equal values are in one third."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    cuts = np.quantile(values, [1 / 3, 2 / 3], method="lower")
    return np.searchsorted(cuts, values, side="left").astype(np.int64)
