"""The best set of households for each municipality by itself, by exact dynamic programming."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from workflows.matching.arrays import Flags, Floats, Ints
from workflows.matching.problem import Problem

Counts = np.ndarray[Any, np.dtype[np.int32]]

# A table of more states takes longer than what it adds to the bound is worth.
_MOST_STATES = 50_000
_STATES_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Charges:
    """What a household and a unit of room must bring in: `prices` count in wide places only."""

    household: Floats
    prices: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """What each municipality can be worth at charges, and its best set.

    `bound` is what no plan gains more than over leaving everybody unplaced. In a wide place,
    `loss` tells how far each household stays below its charges (wide places are its columns).
    """

    bound: float
    worth: Floats
    chosen: list[Ints]
    loss: Floats


class Knapsacks:
    """Fills each municipality with the households that are worth most there, less their charges.

    A table over the room that is left tells what the profiles looked at so far can be worth.
    Municipalities with the same room are reckoned together, and capacity rows that cannot be full
    before another is are left out. `wide` places, whose table would be too large, are reckoned by
    the prices of their room, as the linear program does.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.gain: Floats = problem.value + problem.loss[:, None]
        self.rows, profile = problem.profiles
        self.groups = [np.flatnonzero(profile == each) for each in range(len(self.rows))]
        self._gains = [self.gain[group] for group in self.groups]
        self._most = [_fitting(row, problem.room) for row in self.rows]
        rooms, kind = np.unique(problem.room, axis=0, return_inverse=True)
        kinds = [(room, _binding(self.rows, room)) for room in rooms]
        large = np.array([np.prod(room[rows] + 1.0) > _MOST_STATES for room, rows in kinds])
        of = kind.reshape(-1)
        self.tables = [
            (room, rows, places)
            for number, (room, rows) in enumerate(kinds)
            if not large[number]
            for places in _few_at_once(np.flatnonzero(of == number), room[rows])
        ]
        self.wide: Ints = np.flatnonzero(large[of])

    def best(self, charges: Charges) -> Best:
        """Return the best set of each municipality at charges, and the bound that they prove."""
        rankings = self._ranked(charges.household)
        worth = np.zeros(self.problem.places)
        chosen = [np.zeros(0, np.int64)] * len(worth)
        for room, rows, places in self.tables:
            prefix = [each.sums[: each.number[places].max(initial=0), places] for each in rankings]
            use, within = self.rows[:, rows], room[rows]
            tables, counted = filled(use, within, prefix)
            worth[places] = tables[-1][tuple(within)]
            counts = _retraced(use, within, counted)
            for place, count in zip(places, counts.T, strict=True):
                chosen[place] = np.concatenate(
                    [
                        each.household[:most, place]
                        for each, most in zip(rankings, count, strict=True)
                    ]
                )
        loss = self._loss(charges)
        prices = charges.prices[self.wide]
        worth[self.wide] = np.maximum(-loss, 0.0).sum(axis=0)
        worth[self.wide] += (self.problem.room[self.wide] * prices).sum(axis=1)
        return Best(float(charges.household.sum() + worth.sum()), worth, chosen, loss)

    def _loss(self, charges: Charges) -> Floats:
        use, prices = self.problem.use, charges.prices[self.wide]
        paid = (use[:, None, :] * prices[None]).sum(axis=-1) + charges.household[:, None]
        return np.asarray(paid - self.gain[:, self.wide])

    def _ranked(self, charge: Floats) -> "list[_Ranking]":
        """Return, by profile, who is worth more than its charge in each municipality."""
        return [
            _Ranking.of(group, gain - charge[group][:, None], most)
            for group, gain, most in zip(self.groups, self._gains, self._most, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """Households of one profile by municipality (columns), those that are worth most first.

    `sums` adds up what the first are worth, and `number` tells how many are worth anything.
    """

    household: Ints
    sums: Floats
    number: Ints

    @classmethod
    def of(cls, group: Ints, net: Floats, most: Ints) -> "_Ranking":
        who, place = np.nonzero(_worthy(net, most))
        worth = net[who, place]
        order = np.lexsort((who, -worth, place))
        who, place, worth = who[order], place[order], worth[order]
        paying = np.bincount(place, minlength=net.shape[1])
        rank = np.arange(len(who)) - np.repeat(np.cumsum(paying) - paying, paying)
        number = np.minimum(paying, most)
        depth = int(number.max(initial=0))
        first = rank < depth
        household = np.zeros((depth, net.shape[1]), np.int64)
        household[rank[first], place[first]] = group[who[first]]
        ranked = np.zeros((depth, net.shape[1]))
        ranked[rank[first], place[first]] = worth[first]
        return cls(household, np.cumsum(ranked, axis=0), number)


def _worthy(net: Floats, most: Ints) -> Flags:
    """Tell who is worth more than nothing and may be among the first so many somewhere."""
    worthy = net > 0
    depth = int(most.max(initial=0))
    if depth < len(net):
        worthy &= net >= np.partition(net, len(net) - depth - 1, axis=0)[len(net) - depth - 1]
    return np.asarray(worthy)


def _few_at_once(places: Ints, room: Ints) -> list[Ints]:
    """Return the municipalities in parts, so that their tables take little memory."""
    together = max(1, int(_STATES_AT_ONCE // np.prod(room + 1.0)))
    return [places[first : first + together] for first in range(0, len(places), together)]


def _fitting(use: Ints, room: Ints) -> Ints:
    """Return how many households of a profile each municipality has room for by itself."""
    used = use > 0
    return np.asarray((room[:, used] // use[used]).min(axis=1, initial=np.iinfo(np.int64).max))


def _binding(rows: Ints, room: Ints) -> Ints:
    """Return the capacity rows that can be full while no other is overfull."""
    kept: Flags = np.ones(len(room), np.bool_)
    fitting = rows[(rows <= room).all(axis=1)]
    for row in range(len(room)):
        users = fitting[fitting[:, row] > 0]
        implied = (users * room[row] >= users[:, [row]] * room) & (room > 0)
        implied[:, row] = False
        if not len(users) or (implied.all(axis=0) & kept).any():
            kept[row] = False
    return np.flatnonzero(kept)


def filled(rows: Ints, room: Ints, prefix: list[Floats]) -> tuple[list[Floats], list[Counts]]:
    """Return tables of what the best set can be worth within room, for municipalities alike.

    A table per number of profiles looked at, from none to all, and for each profile how many are
    in the best set: the first of those by whose worth `prefix` sums up.
    """
    tables = [np.zeros((*(room + 1), prefix[0].shape[1]))]
    counted = []
    for use, sums in zip(rows, prefix, strict=True):
        best, counts = tables[-1].copy(), np.zeros(tables[-1].shape, np.int32)
        used = use > 0
        most = int((room[used] // use[used]).min(initial=len(sums)))
        for number in range(1, most + 1):
            after = tuple(slice(number * each, None) for each in use)
            before = tuple(
                slice(None, end - number * each) for each, end in zip(use, room + 1, strict=True)
            )
            worth = tables[-1][before] + sums[number - 1]
            better = worth > best[after]
            np.copyto(best[after], worth, where=better)
            np.copyto(counts[after], np.int32(number), where=better)
        tables.append(best)
        counted.append(counts)
    return tables, counted


def _retraced(rows: Ints, room: Ints, counted: list[Counts]) -> Ints:
    """Return how many of each profile led to the full table, by profile and municipality."""
    places = np.arange(counted[0].shape[-1])
    state = np.tile(room, (len(places), 1))
    found = np.zeros((len(rows), len(places)), np.int64)
    for profile in range(len(rows) - 1, -1, -1):
        found[profile] = counted[profile][(*state.T, places)]
        state -= found[profile][:, None] * rows[profile]
    return found
