"""Day by day or week by week: households decided at prices that know what is still to come."""

from dataclasses import dataclass, replace

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


def holding_back(batch: Problem, known: PriceList) -> Problem:
    """Return a batch whose room costs what it is worth to who is still to come.

    Each score is less that worth. Prices steer where a household goes, never whether: leaving one
    costs as much more as its dearest room is worth.
    """
    worth = batch.priced_use(known.prices)
    dearest = np.where(batch.eligible, worth, 0.0).max(axis=1, initial=0.0)
    score, loss = batch.score - worth, batch.loss + dearest
    score.flags.writeable = loss.flags.writeable = False
    return replace(batch, score=score, loss=loss)


def evenly(number: int) -> Ints:
    """Return which of a number of households stand for all of them, spread evenly."""
    return np.unique(np.linspace(0, number - 1, min(number, _TYPICAL)).round().astype(np.int64))
