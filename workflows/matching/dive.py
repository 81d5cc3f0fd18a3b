"""From fractions of households to whole ones: keep what is whole, dive for the rest."""

from dataclasses import dataclass

import numpy as np

from workflows.matching.arrays import NOWHERE, Flags, Floats, Ints
from workflows.matching.linear import Pairs, Program, SolverFailed
from workflows.matching.problem import Problem

_WHOLE = 1e-6
_PAIRS_PER_HOUSEHOLD = 3
_WIDE = 10.0
_CLOSE = 2 / 3
# Small steps are worth their time up to so many households.
_MANY = 4000
_SHARE, _SHARE_OF_MANY = 0.05, 0.1
_FEWEST = 3
_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class _Vertex:
    """A vertex of the linear program on the pairs of least regret."""

    pairs: Pairs
    chosen: Floats
    broken: Flags
    margin: float

    @classmethod
    def of(cls, problem: Problem, regret: Floats) -> "_Vertex":
        wanted = min(regret.size, _PAIRS_PER_HOUSEHOLD * problem.households) - 1
        margin = float(np.partition(regret, wanted, axis=None)[wanted])
        pairs = Pairs.where((regret <= margin) & np.isfinite(regret))
        program = Program(problem, pairs, problem.room, solver="ipm")
        program.run()
        chosen = program.chosen
        broken = np.zeros(problem.households, np.bool_)
        broken[pairs.household[(chosen > _WHOLE) & (chosen < 1 - _WHOLE)]] = True
        finite = margin if np.isfinite(margin) else float(regret[np.isfinite(regret)].max())
        return cls(pairs, chosen, broken, finite)


def dive(problem: Problem, regret: Floats) -> Ints:
    """Return an assignment near the linear program's optimum; some may stay unplaced.

    Households that the vertex places whole stay there, unless they live beside broken ones and
    have a second choice that is nearly as good. For the others the largest fraction, counted in
    persons, is fixed and the program solved again, a twentieth of the fractions at a time (a tenth
    of many): the large households first, since small ones fill what room is left.
    """
    assignment = np.full(problem.households, NOWHERE)
    if not np.isfinite(regret).any():
        return assignment
    try:
        vertex = _Vertex.of(problem, regret)
    except SolverFailed:
        return assignment
    whole = vertex.chosen > 1 - _WHOLE
    assignment[vertex.pairs.household[whole]] = vertex.pairs.place[whole]
    assignment[_loosened(problem, regret, vertex, assignment)] = NOWHERE
    left = problem.left(assignment)
    free = np.flatnonzero(assignment == NOWHERE)
    pairs = Pairs.where(_open_pairs(problem, regret, vertex, free, left), free)
    if len(pairs):
        chosen = _Dive(problem, pairs, left).run()
        whole = chosen > 1 - _WHOLE
        assignment[pairs.household[whole]] = pairs.place[whole]
    return assignment


def _loosened(problem: Problem, regret: Floats, vertex: _Vertex, assignment: Ints) -> Flags:
    broken = (vertex.chosen > _WHOLE) & (vertex.chosen < 1 - _WHOLE)
    beside = np.zeros(problem.places, np.bool_)
    beside[vertex.pairs.place[broken]] = True
    column = min(1, problem.places - 1)
    second = np.partition(regret, column, axis=1)[:, column]
    placed = assignment != NOWHERE
    return np.asarray(placed & (second <= _CLOSE * vertex.margin) & beside[assignment])


def _open_pairs(problem: Problem, regret: Floats, vertex: _Vertex, free: Ints, left: Ints) -> Flags:
    reach = np.where(vertex.broken[free], _WIDE, 1.0) * vertex.margin
    fits = problem.fits(left)[free]
    return np.asarray((regret[free] <= reach[:, None]) & np.isfinite(regret[free]) & fits)


class _Dive:
    """The program that becomes whole, a part of its fractions at a time."""

    def __init__(self, problem: Problem, pairs: Pairs, left: Ints) -> None:
        self._pairs, self._left = pairs, left.copy()
        self._program = Program(problem, pairs, left, solver="simplex")
        self._use = problem.taken(pairs.household, pairs.place)
        self._size = np.maximum(1, problem.size[pairs.household])
        self._share = _SHARE if problem.households <= _MANY else _SHARE_OF_MANY
        self._open = np.ones(len(pairs), np.bool_)
        self._fixed = np.zeros(problem.households, np.bool_)

    def run(self) -> Floats:
        """Return the pairs chosen; what is no fraction any more is whole.

        Where the program fails, what it had chosen before.
        """
        chosen = np.zeros(len(self._pairs))
        for _ in range(_ROUNDS):
            try:
                self._program.run()
            except SolverFailed:
                break
            chosen = self._program.chosen
            broken = (chosen > _WHOLE) & (chosen < 1 - _WHOLE) & ~self._fixed[self._pairs.household]
            fixed = self._fix(chosen, np.flatnonzero(broken))
            if not len(fixed):
                break
            self._program.set_bounds(fixed, 1.0)
            self._close()
        return chosen

    def _fix(self, chosen: Floats, broken: Ints) -> Ints:
        weight = chosen[broken] * self._size[broken]
        wanted = max(_FEWEST, int(len(broken) * self._share))
        fixed: list[int] = []
        for column in broken[np.argsort(-weight, kind="stable")]:
            household, place = self._pairs.household[column], self._pairs.place[column]
            fits = (self._use[column] <= self._left[place]).all()
            if fits and not self._fixed[household]:
                self._fixed[household] = True
                self._left[place] -= self._use[column]
                fixed.append(int(column))
                if len(fixed) == wanted:
                    break
        return np.array(fixed, np.int64)

    def _close(self) -> None:
        """Take out the pairs that fit no more beside what is fixed."""
        fits = (self._use <= self._left[self._pairs.place]).all(axis=1)
        closing = self._open & ~fits & ~self._fixed[self._pairs.household]
        self._open &= ~closing
        self._program.set_bounds(np.flatnonzero(closing), 0.0)
