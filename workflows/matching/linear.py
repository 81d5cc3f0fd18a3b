"""The linear and integer programs over chosen pairs of household and municipality, in HiGHS."""

from dataclasses import dataclass
from typing import Any, Self

import highspy
import numpy as np

from workflows.matching.arrays import Flags, Floats, Ints
from workflows.matching.problem import Problem

_STOPPED_BY_LIMIT = {
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kSolutionLimit,
}


class SolverFailed(RuntimeError):
    """HiGHS ended without the answer that was asked for; the message holds its status."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of household and municipality that a program may choose from."""

    household: Ints
    place: Ints

    @classmethod
    def where(cls, chosen: Flags, households: Ints | None = None) -> Self:
        """Return the pairs that are set in a table, whose rows may be some households only."""
        row, place = np.nonzero(chosen)
        return cls(row if households is None else households[row], place)

    def __len__(self) -> int:
        return len(self.household)


class Program:
    """Each household at most `weight` times, each capacity row within `left`, at most score.

    The objective counts placing a household as its score plus the loss of leaving it. One thread,
    no clock: the same input gives the same answer.
    """

    def __init__(
        self, problem: Problem, pairs: Pairs, left: Ints, weight: Floats | None = None,
        **options: str | float,
    ) -> None:  # fmt: skip
        self.pairs = pairs
        self._households, row = np.unique(pairs.household, return_inverse=True)
        self._room_shape = left.shape
        limit = np.ones(problem.households) if weight is None else weight
        limit = limit[self._households]
        self._highs = solver(**options)
        self._highs.passModel(_model(problem, pairs, row, left, limit))

    def make_integer(self) -> None:
        """Ask for whole households."""
        columns = np.arange(len(self.pairs), dtype=np.int32)
        self._highs.changeColsIntegrality(len(columns), columns, integer(len(columns)))

    def start_from(self, chosen: Floats) -> None:
        """Give a plan to start from: 1 for each pair that it holds."""
        solution = highspy.HighsSolution()
        solution.col_value = chosen.tolist()
        self._highs.setSolution(solution)

    def set_bounds(self, columns: Ints, value: float) -> None:
        """Fix some pairs at 0 or 1."""
        if len(columns):
            fixed = np.full(len(columns), value)
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), fixed, fixed)

    def run(self, *, to_the_end: bool = True) -> bool:
        """Solve; return whether the optimum was proven.

        SolverFailed where HiGHS gives no solution, or, with `to_the_end`, none that is optimal.
        """
        return run(self._highs, to_the_end=to_the_end)

    @property
    def chosen(self) -> Floats:
        """Return how much of each pair the solution holds."""
        return np.array(self._highs.getSolution().col_value)

    @property
    def value(self) -> float:
        """Return the objective."""
        return -float(self._highs.getInfo().objective_function_value)

    @property
    def upper_bound(self) -> float:
        """Return what no solution of the integer program exceeds."""
        return -float(self._highs.getInfo().mip_dual_bound)

    @property
    def prices(self) -> Floats:
        """Return the price per unit of each capacity row."""
        duals = np.array(self._highs.getSolution().row_dual)[len(self._households) :]
        return np.asarray(np.maximum(0.0, -duals).reshape(self._room_shape))


class Silent(highspy.Highs):
    """HiGHS without its banner, which it prints when its callbacks are set up as it is made.

    Whoever reads the standard output of a command wants the answer alone.
    """

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS calls it by this name
        """Be silent first."""
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS takes a value
        super().enableCallbacks()  # type: ignore[no-untyped-call] # highspy leaves it untyped


def solver(**options: str | float) -> Any:
    """Return a silent HiGHS on one thread, with options of its own."""
    highs = Silent()  # type: ignore[no-untyped-call] # the same
    settings: dict[str, str | float] = {"threads": 1, **options}
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    return highs


def run(highs: Any, *, to_the_end: bool = True) -> bool:
    """Solve; return whether the optimum was proven.

    SolverFailed where HiGHS gives no solution, or, with `to_the_end`, none that is optimal.
    """
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kUnknown:
        # A start from the last solution now and then loses its way, where a fresh one does not.
        highs.clearSolver()
        highs.run()
        status = highs.getModelStatus()
    optimal = status == highspy.HighsModelStatus.kOptimal
    if not optimal and (to_the_end or status not in _STOPPED_BY_LIMIT):
        raise SolverFailed(highs.modelStatusToString(status))
    return bool(optimal)


def integer(columns: int) -> Any:
    """Return the kinds of so many columns that must be whole."""
    return np.full(columns, int(highspy.HighsVarType.kInteger.value), dtype=np.uint8)


def _model(problem: Problem, pairs: Pairs, row: Ints, left: Ints, limit: Floats) -> Any:
    model = highspy.HighsLp()
    columns, households = len(pairs), len(limit)
    model.num_col_, model.num_row_ = columns, households + left.size
    gain = problem.score[pairs.household, pairs.place] + problem.loss[pairs.household]
    model.col_cost_ = -gain
    model.col_lower_ = np.zeros(columns)
    model.col_upper_ = np.full(columns, highspy.kHighsInf if limit.max(initial=1) > 1 else 1.0)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    model.row_upper_ = np.concatenate([limit, left.ravel().astype(np.float64)])
    use = problem.taken(pairs.household, pairs.place)
    used = use != 0
    start = np.concatenate([[0], np.cumsum(1 + used.sum(axis=1))])
    index, amount = np.empty(start[-1], np.int32), np.ones(start[-1])
    index[start[:-1]] = row
    position = (start[:-1, None] + np.cumsum(used, axis=1))[used]
    rooms = households + pairs.place[:, None] * left.shape[1] + np.arange(left.shape[1])[None]
    index[position], amount[position] = rooms[used], use[used]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = start.astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = index, amount
    return model
