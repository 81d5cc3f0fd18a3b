"""Sets of households, each for one municipality, and the programs that choose among them."""

import highspy
import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.knapsack import Best, Charges
from workflows.matching.linear import integer, run, solver
from workflows.matching.problem import Problem


class Sets:
    """Sets of households that fit a municipality together; in a wide place, single households."""

    def __init__(self, problem: Problem, wide: Ints) -> None:
        self.problem, self.wide = problem, wide
        self.is_wide = np.isin(np.arange(problem.places), wide)
        self.members: list[Ints] = []
        self._known: set[tuple[int, bytes]] = set()
        self._place: list[int] = []
        self._gain: list[float] = []

    def __len__(self) -> int:
        return len(self.members)

    @property
    def place(self) -> Ints:
        """The municipality of each set."""
        return np.array(self._place, np.int64)

    def place_of(self, number: int) -> int:
        """Return the municipality of one set."""
        return self._place[number]

    @property
    def gain(self) -> Floats:
        """What each set adds to leaving its households unplaced."""
        return np.array(self._gain)

    def add_plan(self, assignment: Ints) -> None:
        """Add the sets of an assignment."""
        for place in np.unique(assignment[assignment != NOWHERE]):
            self.add(int(place), np.flatnonzero(assignment == place))

    def add_best(self, best: Best, near: float = 0.0) -> int:
        """Add the best set of each municipality, and who pays in a wide place up to `near`.

        Returns how many were new.
        """
        before = len(self)
        for place, households in enumerate(best.chosen):
            if len(households):
                self.add(place, np.sort(households))
        for household, column in np.argwhere(best.loss < near):
            self.add(int(self.wide[column]), np.array([household]))
        return len(self) - before

    def loss(self, best: Best, charges: Charges) -> Floats:
        """Return how far each set stays below the best of its municipality at charges."""
        place, wide = self.place, self.is_wide[self.place]
        paid = np.array([charges.household[each].sum() for each in self.members])
        loss: Floats = best.worth[place] - (self.gain - paid)
        column = np.searchsorted(self.wide, place[wide])
        alone = np.array([int(each[0]) for each in self.members], np.int64)[wide]
        loss[wide] = np.maximum(best.loss[alone, column], 0.0)
        return loss

    def add(self, place: int, households: Ints) -> None:
        """Add one set, unless it is known; in a wide place each household of it by itself."""
        if self.is_wide[place] and len(households) > 1:
            for each in households:
                self.add(place, each[None])
            return
        key = (place, households.tobytes())
        if key in self._known:
            return
        self._known.add(key)
        self.members.append(households)
        self._place.append(place)
        gains = self.problem.score[households, place] + self.problem.loss[households]
        self._gain.append(float(gains.sum()))


class SetProgram:
    """Each household in one set at most, each municipality one set at most, at most gain.

    A wide place takes as many as its capacity rows allow.
    """

    def __init__(self, sets: Sets, **options: str | float) -> None:
        problem = sets.problem
        self.sets, self._chosen = sets, np.zeros(0, np.int64)
        self.highs = solver(**options)
        limits = np.concatenate(
            [np.ones(problem.households + problem.places), problem.room[sets.wide].ravel()]
        )
        nothing = np.zeros(0)
        self.highs.addRows(
            len(limits), np.full(len(limits), -highspy.kHighsInf), limits, 0,
            np.zeros(len(limits), np.int32), nothing.astype(np.int32), nothing,
        )  # fmt: skip

    def take_in(self, chosen: Ints) -> None:
        """Add some of the sets, by their number."""
        columns = [self._column(int(each)) for each in chosen]
        if not columns:
            return
        index = np.concatenate([rows for rows, _ in columns])
        amount = np.concatenate([amounts for _, amounts in columns])
        start = np.cumsum([0] + [len(rows) for rows, _ in columns[:-1]])
        number = len(columns)
        self.highs.addCols(
            number, -self.sets.gain[chosen], np.zeros(number), np.ones(number), len(index),
            start.astype(np.int32), index.astype(np.int32), amount,
        )  # fmt: skip
        self._chosen = np.concatenate([self._chosen, chosen])

    def _column(self, number: int) -> tuple[Ints, Floats]:
        sets, problem = self.sets, self.sets.problem
        households, place = sets.members[number], sets.place_of(number)
        if not sets.is_wide[place]:
            rows = np.append(households, problem.households + place)
            return rows, np.ones(len(rows))
        use = problem.use[households[0]]
        first = problem.households + problem.places
        first += int(np.searchsorted(sets.wide, place)) * len(use)
        used = np.flatnonzero(use)
        return np.append(households, first + used), np.append(1.0, use[used])

    def whole(self) -> tuple[Ints, float]:
        """Solve for whole sets; return the assignment, and the gain that no choice exceeds."""
        columns = len(self._chosen)
        self.highs.changeColsIntegrality(
            columns, np.arange(columns, dtype=np.int32), integer(columns)
        )
        run(self.highs, to_the_end=False)
        found = np.full(self.sets.problem.households, NOWHERE)
        taken = np.array(self.highs.getSolution().col_value) > 1 / 2
        for number in self._chosen[taken]:
            found[self.sets.members[number]] = self.sets.place_of(int(number))
        return found, -float(self.highs.getInfo().mip_dual_bound)
