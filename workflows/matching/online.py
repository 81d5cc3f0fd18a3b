"""Day by day or week by week: households decided at prices that know what is still to come."""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import NOWHERE, Flags, Floats, Ints
from workflows.matching.ascent import ascend
from workflows.matching.problem import Problem
from workflows.matching.sifting import sift

# As many as come in a busy half-year; more would only take longer.
_TYPICAL = 8000
# What is expected is less sure than this part of it.
_NEAR_ENOUGH = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class PriceList:
    """Prices per unit of room by municipality and capacity row, for the days until the next list.

    As a table of municipality by household it is `use @ prices.T`: what a household's room is
    worth to those who are still to come.
    """

    prices: Floats

    def choose(self, score: Floats, eligible: Flags, use: Ints, left: Ints) -> int:
        """Return the municipality for one household now, or NOWHERE when none has room.

        `score` and `eligible` are by municipality, `use` by row (or municipality and row), `left`
        is the room left. The best net score wins, the first of equals.
        """
        possible = eligible & (use <= left).all(axis=1)
        if not possible.any():
            return NOWHERE
        net = np.where(possible, score - (use * self.prices).sum(axis=1), -np.inf)
        return int(net.argmax())


def price_list(expected: Problem, number: Floats, before: PriceList | None = None) -> PriceList:
    """Make the prices of room for expected arrivals.

    `expected` holds typical households and the room that is left now; `number[i]` is how many
    like household i are expected, in whole or in part. `before` is the list in force, from which
    the new one starts.
    """
    if not np.isfinite(expected.value).any() or not number.any():
        return PriceList(np.zeros(expected.room.shape))
    start = ascend(expected, number, None if before is None else before.prices)
    return PriceList(sift(expected, start, number, _NEAR_ENOUGH).prices)


def together(batch: Problem, known: PriceList) -> Ints:
    """Return the municipalities of households that are decided together, NOWHERE without room.

    `batch` has the room that is left. Whoever loses most by a second choice goes first.
    """
    net = batch.value - batch.priced_use(known.prices)
    assignment, left = np.full(batch.households, NOWHERE), batch.room.copy()
    for i in np.argsort(-_lost_by_a_second_choice(net), kind="stable"):
        use = batch.use[i]
        place = known.choose(batch.score[i], batch.eligible[i], use, left)
        if place != NOWHERE:
            assignment[i] = place
            left[place] -= use if batch.by_profile else use[place]
    return assignment


def _lost_by_a_second_choice(net: Floats) -> Floats:
    """Return the best less the second best per household, infinite where there is no second."""
    ranked = np.sort(np.pad(net, ((0, 0), (1, 0)), constant_values=-np.inf), axis=1)
    best, second = ranked[:, -1], ranked[:, -2]
    lost = np.full(len(net), np.inf)
    return np.asarray(np.subtract(best, second, out=lost, where=np.isfinite(second)))


def evenly(number: int) -> Ints:
    """Return which of a number of households stand for all of them, spread evenly."""
    return np.unique(np.linspace(0, number - 1, min(number, _TYPICAL)).round().astype(np.int64))


def corrected(forecast: Floats, expected: Floats, seen: Floats) -> Floats:
    """Return a forecast by kind of household, corrected by what was seen so far.

    `expected` is what the forecast said for the time gone by, and `seen` what arrived. The
    correction of all kinds together grows with what was seen, and each kind's own with its share;
    like a forecast worth as much as a hundred arrivals.
    """
    together = _ratio(seen.sum(), expected.sum())
    return np.asarray(forecast * together * _ratio(seen, expected * together))


_WORTH = 100.0


def _ratio(seen: Floats, expected: Floats) -> Floats:
    return np.asarray((seen + _WORTH) / (np.asarray(expected) + _WORTH))
