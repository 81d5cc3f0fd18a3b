"""What each household must bring in, so that the best sets at it prove the least bound.

The linear program over sets asks for charges, the best sets at these charges go in, and so on
until none is lacking. Few sets lead to wild charges, so these stay near the best ones known: the
program may let a household go for a little less than its charge, or have it twice for a little
more. These limits move along, and widen where they are what holds the program back.
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from workflows.matching.arrays import Floats
from workflows.matching.knapsack import Best, Charges, Knapsacks
from workflows.matching.linear import SolverFailed, run
from workflows.matching.sets import SetProgram, Sets

_ROUNDS = 150
_STEADY = 0.3
_NEAR = 0.05
_TOLERANCE = 1e-7
_WIDTH = 0.015
_WIDER = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Charged:
    """The charges that prove the least bound, and the best sets at them."""

    charges: Charges
    best: Best


def charge(sets: Sets, knapsacks: Knapsacks, charges: Charges, told: Callable[[], None]) -> Charged:
    """Make sets until none is lacking, and return the charges that prove the least bound.

    `charges` are a first guess. `told` is called in between and may raise, to stop.
    """
    least = Charged(charges, knapsacks.best(charges))
    sets.add_best(least.best, _NEAR)
    width = _WIDTH * _typical_gain(knapsacks.gain)
    program, held = NearProgram(sets, charges, width), 0
    steady, progress = _STEADY, True
    for _ in range(_ROUNDS):
        told()
        program.take_in(np.arange(held, len(sets)))
        held = len(sets)
        try:
            gain, asked = program.relaxed()
        except SolverFailed:
            # Any charges prove a bound, so what is known by now stands.
            break
        lacking = least.best.bound - gain > _TOLERANCE * max(1.0, abs(gain))
        if not (lacking and progress):
            if not program.strays:
                break
            program.widen()
            steady, progress = _STEADY, True
            continue
        charges = _between(least.charges, asked, steady)
        found = knapsacks.best(charges)
        new = sets.add_best(found) > 0
        better = found.bound < least.best.bound
        progress = new or better or steady > 0
        steady = _STEADY if new else 0.0
        if better:
            least = Charged(charges, found)
            program.stay_near(charges)
    return least


def _typical_gain(gain: Floats) -> float:
    """Return what a household gains at its best on average, above being left."""
    best = np.where(np.isfinite(gain), gain, 0.0).max(axis=1, initial=0.0)
    return float(best.mean()) or 1.0


def _between(one: Charges, other: Charges, part: float) -> Charges:
    return Charges(
        part * one.household + (1 - part) * other.household,
        part * one.prices + (1 - part) * other.prices,
    )


class NearProgram(SetProgram):
    """The linear program over sets, with charges that stay near given ones."""

    def __init__(self, sets: Sets, charges: Charges, width: float) -> None:
        super().__init__(sets)
        self._width = width
        households, places = sets.problem.households, sets.problem.places
        wide = households + places + np.arange(sets.problem.room[sets.wide].size)
        rows = np.concatenate([np.arange(households), wide]).astype(np.int32)
        number = len(rows)
        index = np.arange(number, dtype=np.int32)
        nothing = np.zeros(number)
        for sign in (1.0, -1.0):
            self.highs.addCols(
                number, nothing, nothing, np.full(number, highspy.kHighsInf),
                number, index, rows, np.full(number, sign),
            )  # fmt: skip
        self.stay_near(charges)

    def stay_near(self, charges: Charges) -> None:
        """Let charges of households, and prices in wide places, stay around these."""
        self._middle = np.concatenate([charges.household, charges.prices[self.sets.wide].ravel()])
        self._limit()

    def widen(self) -> None:
        """Let charges stray farther."""
        self._width *= _WIDER
        self._limit()

    def _limit(self) -> None:
        lowest = np.maximum(0.0, self._middle - self._width)
        self._cost = np.concatenate([-lowest, self._middle + self._width])
        columns = np.arange(len(self._cost), dtype=np.int32)
        self.highs.changeColsCost(len(columns), columns, self._cost)

    @property
    def strays(self) -> bool:
        """Whether a limit held the last solution back."""
        used = np.array(self.highs.getSolution().col_value)[: len(self._cost)]
        return bool((used[self._cost != 0] > _TOLERANCE).any())

    def relaxed(self) -> tuple[float, Charges]:
        """Solve for parts of sets; return the gain, and the charges that it leads to."""
        run(self.highs)
        problem = self.sets.problem
        duals = np.maximum(0.0, -np.array(self.highs.getSolution().row_dual))
        prices = np.zeros(problem.room.shape)
        rest = duals[problem.households + problem.places :]
        prices[self.sets.wide] = rest.reshape(-1, problem.room.shape[1])
        gain = -float(self.highs.getInfo().objective_function_value)
        return gain, Charges(duals[: problem.households], prices)
