"""All sets of households that come near the best of a municipality, so that none is overlooked."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import Floats, Ints
from workflows.matching.knapsack import Charges, Knapsacks, filled

_TOLERANCE = 1e-9
_TRIES_PER_SET = 50
NearSets = list[tuple[int, Ints]]


def nearly_best(knapsacks: Knapsacks, charges: Charges, slack: float, most: int) -> NearSets | None:
    """Return each set that stays at most `slack` below the best of its municipality, at charges.

    The municipality and the households of each. Wide places are left out. None where there are
    more than `most`, or where so many are looked at that few of them are any good.
    """
    tries = _Tries(_TRIES_PER_SET * most)
    net = knapsacks.gain - charges.household[:, None]
    found: NearSets = []
    for room, rows, places in knapsacks.tables:
        for place in places:
            town = _Town(knapsacks, net[:, place], (room, rows), slack, tries)
            for chosen in town.sets():
                if chosen:
                    found.append((int(place), np.sort(np.array(chosen, np.int64))))
                if len(found) > most:
                    return None
            if not tries.left:
                return None
    return found


@dataclass(slots=True)
class _Tries:
    """How many branches may still be looked at."""

    left: int


class _Town:
    """One municipality with who may be in a set that is good enough, by profile."""

    def __init__(
        self, knapsacks: Knapsacks, net: Floats, table: tuple[Ints, Ints], slack: float,
        tries: _Tries,
    ) -> None:  # fmt: skip
        self._tries = tries
        self._room = table[0][table[1]]
        self._rows = knapsacks.rows[:, table[1]]
        self._slack = slack
        self._who = [_near(group, net, slack) for group in knapsacks.groups]
        self._net = [net[each] for each in self._who]
        self._sum = [np.append(0.0, np.cumsum(each)) for each in self._net]
        positive = [np.cumsum(np.maximum(each, 0.0))[:, None] for each in self._net]
        self._layers = [layer[..., 0] for layer in filled(self._rows, self._room, positive)[0]]

    def sets(self) -> Iterator[list[int]]:
        """Yield the households of each set that is good enough."""
        return self._with_profiles(len(self._rows), self._room, self._slack)

    def _with_profiles(self, number: int, room: Ints, slack: float) -> Iterator[list[int]]:
        """Yield sets of the first profiles within room, at most `slack` below the best of these."""
        if number == 0:
            yield []
            return
        profile, use = number - 1, self._rows[number - 1]
        for count in range(len(self._who[profile]) + 1):
            left = room - count * use
            if (left < 0).any():
                break
            rest = float(self._layers[number][tuple(room)] - self._layers[profile][tuple(left)])
            for chosen in self._subsets(profile, count, rest - slack, 0):
                spare = slack - rest + float(self._net[profile][chosen].sum())
                for others in self._with_profiles(profile, left, spare):
                    yield [*others, *(int(each) for each in self._who[profile][chosen])]

    def _subsets(self, profile: int, count: int, least: float, first: int) -> Iterator[list[int]]:
        """Yield so many of a profile, from the `first`, that are worth `least` at the least."""
        if count == 0:
            if least <= _TOLERANCE:
                yield []
            return
        sums = self._sum[profile]
        for number in range(first, len(self._who[profile]) - count + 1):
            if sums[number + count] - sums[number] < least - _TOLERANCE or not self._tries.left:
                break
            self._tries.left -= 1
            rest = least - float(self._net[profile][number])
            for others in self._subsets(profile, count - 1, rest, number + 1):
                yield [number, *others]


def _near(group: Ints, net: Floats, slack: float) -> Ints:
    near = group[net[group] >= -slack - _TOLERANCE]
    return near[np.argsort(-net[near], kind="stable")]
