"""Search by exchange: one or two households of one municipality for up to one of another."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.placement import GAIN, Moves, Placement

_TRIED = 600
_MANY_PROFILES = 12
_MOST_MOVED = 3

Gains = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Households of given profiles that move together, and the best gain per pair of places."""

    profiles: tuple[int, ...]
    use: Ints
    gain: Gains
    best_out: Gains
    best_in: Gains

    @classmethod
    def of(cls, profiles: tuple[int, ...], use: Ints, gain: Gains) -> "_Bundle":
        return cls(profiles, use, gain, gain.max(axis=1), gain.max(axis=0))


class _Groups:
    """The placed households by profile and municipality, with what each gains elsewhere."""

    def __init__(self, placement: Placement, bias: Floats | None) -> None:
        problem, at = placement.problem, placement.assignment
        self.rows, profile = problem.profiles
        placed = np.flatnonzero(at != NOWHERE)
        self.who = placed[np.lexsort((placed, at[placed], profile[placed]))]
        self._places = problem.places
        key = profile[self.who] * problem.places + at[self.who]
        self._keys, self._starts = np.unique(key, return_index=True)
        self._ends = np.append(self._starts, len(self.who))[1:]
        current = placement.current[self.who]
        self.gain = (problem.value[self.who] - current[:, None]).astype(np.float32)
        if bias is not None:
            moved = bias[profile[self.who]]
            moved = moved - bias[profile[self.who], at[self.who]][:, None]
            self.gain += moved.astype(np.float32)

    def best(self) -> Gains:
        """Return the most that one household gains, by profile, from and to."""
        table = self._empty()
        if len(self._keys):
            table.reshape(-1, self._places)[self._keys] = np.maximum.reduceat(
                self.gain, self._starts, axis=0
            )
        return table

    def second(self) -> Gains:
        """Return the most that the next household of the same profile gains."""
        table = self._empty()
        flat = table.reshape(-1, self._places)
        for key, start, end in zip(self._keys, self._starts, self._ends, strict=True):
            if end - start > 1:
                flat[key] = np.partition(self.gain[start:end], -2, axis=0)[-2]
        return table

    def movers(self, profile: int, source: int, target: int, number: int) -> list[int]:
        """Return the households that gain most by moving."""
        group = np.searchsorted(self._keys, profile * self._places + source)
        span = slice(self._starts[group], self._ends[group])
        order = np.argsort(-self.gain[span, target], kind="stable")[:number]
        return [int(household) for household in self.who[span][order]]

    def _empty(self) -> Gains:
        shape = (len(self.rows), self._places, self._places)
        return np.full(shape, -np.inf, np.float32)


def exchange(placement: Placement, *, pairs: bool, bias: Floats | None = None) -> float:
    """Make the exchanges that gain most, no municipality twice, and return the total gain.

    All pairs of municipalities are weighed at once: a household against nothing or another, and
    with `pairs` also two against one. `bias` is added to scores by profile and place.
    """
    groups = _Groups(placement, bias)
    bundles = _bundles(placement, groups, pairs=pairs and len(groups.rows) <= _MANY_PROFILES)
    places = placement.problem.places
    best = np.zeros((places, places), np.float32)
    which = np.zeros((places, places), np.int32)
    for first, going in enumerate(bundles):
        for second, coming in enumerate(bundles):
            if _worth_weighing(first, second, going, coming):
                _weigh(placement, (going, coming), first * len(bundles) + second, best, which)
    total, touched = 0.0, set[int]()
    for flat in np.argsort(-best, axis=None, kind="stable")[:_TRIED]:
        source, target = divmod(int(flat), places)
        if best[source, target] <= GAIN:
            break
        if not {source, target} & touched:
            first, second = divmod(int(which[source, target]), len(bundles))
            moves = _moves(groups, bundles[first], source, target)
            moves += _moves(groups, bundles[second], target, source)
            total += placement.try_moves(moves, touched, bias)
    return total


def _bundles(placement: Placement, groups: _Groups, *, pairs: bool) -> list[_Bundle]:
    places = placement.problem.places
    best = groups.best()
    none = np.zeros(placement.left.shape[1], np.int64)
    bundles = [_Bundle.of((), none, np.zeros((places, places), np.float32))]
    bundles += [_Bundle.of((each,), groups.rows[each], best[each]) for each in range(len(best))]
    if pairs:
        second = groups.second()
        bundles += [
            _Bundle.of(
                (one, other),
                groups.rows[one] + groups.rows[other],
                best[one] + (second[one] if one == other else best[other]),
            )
            for one, other in combinations_with_replacement(range(len(best)), 2)
        ]
    return bundles


def _worth_weighing(first: int, second: int, going: _Bundle, coming: _Bundle) -> bool:
    moved = len(going.profiles) + len(coming.profiles)
    mirrored = len(going.profiles) == len(coming.profiles) and second < first
    larger = len(coming.profiles) > len(going.profiles)
    return 0 < moved <= _MOST_MOVED and not mirrored and not larger


def _weigh(
    placement: Placement, bundles: tuple[_Bundle, _Bundle], code: int, best: Gains,
    which: "np.ndarray[Any, np.dtype[np.int32]]",
) -> None:  # fmt: skip
    going, coming = bundles
    freed = going.use - coming.use
    promising = going.best_out + coming.best_in > GAIN
    sources = np.flatnonzero(promising & (placement.left + freed >= 0).all(axis=1))
    promising = going.best_in + coming.best_out > GAIN
    targets = np.flatnonzero(promising & (placement.left - freed >= 0).all(axis=1))
    if not len(sources) or not len(targets):
        return
    cell = np.ix_(sources, targets)
    gain = going.gain[cell] + coming.gain.T[cell]
    known = best[cell]
    better = gain > known
    if better.any():
        best[cell] = np.where(better, gain, known)
        which[cell] = np.where(better, code, which[cell])


def _moves(groups: _Groups, bundle: _Bundle, source: int, target: int) -> Moves:
    return [
        (household, target)
        for profile in sorted(set(bundle.profiles))
        for household in groups.movers(profile, source, target, bundle.profiles.count(profile))
    ]
