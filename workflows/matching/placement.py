"""A plan in the making: who is where, and the room that is left."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.problem import Problem

Moves = list[tuple[int, int]]
"""Households, each with the municipality that it moves to."""

GAIN = 1e-9


@dataclass(slots=True)
class Placement:
    """An assignment that keeps every capacity row, and changes by whole sets of moves only.

    `ample` are the places with room for all households together.
    """

    problem: Problem
    assignment: Ints
    left: Ints
    ample: frozenset[int]

    @classmethod
    def of(cls, problem: Problem, assignment: Ints) -> Self:
        """Make a placement of a copy of an assignment."""
        most = problem.use if problem.by_profile else problem.use.max(axis=1)
        ample = np.flatnonzero((problem.room >= most.sum(axis=0)).all(axis=1))
        left = problem.left(assignment)
        return cls(problem, assignment.copy(), left, frozenset(ample.tolist()))

    @property
    def current(self) -> Floats:
        """Return what each household brings now: its score, or its loss when unplaced."""
        at = np.maximum(self.assignment, 0)
        score = self.problem.score[np.arange(len(at)), at]
        return np.where(self.assignment == NOWHERE, -self.problem.loss, score)

    def try_moves(
        self,
        moves: Moves,
        touched: set[int],
        bias: Floats | None = None,
        least: float = GAIN,
    ) -> float:
        """Make moves if together they gain and fit, and return the gain; otherwise 0.

        Municipalities in `touched` changed since the moves were thought of, so they stop them;
        those of moves that are made are added, unless their room is ample. `bias` is added to
        scores by profile and place. They must gain more than `least`.
        """
        if len({household for household, _ in moves}) < len(moves):
            return 0.0
        gain, change = self._effect(moves, bias)
        if gain <= least or touched & change.keys():
            return 0.0
        if any((self.left[place] + freed < 0).any() for place, freed in change.items()):
            return 0.0
        for place, freed in change.items():
            self.left[place] += freed
        touched |= change.keys() - self.ample
        for household, place in moves:
            self.assignment[household] = place
        return gain

    def _effect(self, moves: Moves, bias: Floats | None) -> tuple[float, dict[int, Ints]]:
        problem, gain = self.problem, 0.0
        change: dict[int, Ints] = {}
        nothing = np.zeros(problem.room.shape[1], np.int64)
        for household, place in moves:
            before = int(self.assignment[household])
            profile = problem.profiles[1][household] if bias is not None else 0
            for at, sign in ((before, 1), (place, -1)):
                if at == NOWHERE:
                    gain += sign * float(problem.loss[household])
                    continue
                use = problem.use[household] if problem.by_profile else problem.use[household, at]
                change[at] = change.get(at, nothing) + sign * use
                gain -= sign * float(problem.value[household, at])
                gain -= sign * float(bias[profile, at]) if bias is not None else 0.0
        return gain, change


def fill(placement: Placement, regret: Floats) -> None:
    """Place whom one can of the unplaced where regret is least, the largest first."""
    problem = placement.problem
    waiting = np.flatnonzero(placement.assignment == NOWHERE)
    for household in waiting[np.lexsort((waiting, -problem.size[waiting]))]:
        use = problem.use[household]
        fits = (use <= placement.left).all(axis=1)
        fits &= problem.value[household] > -problem.loss[household]
        if fits.any():
            place = int(np.where(fits, regret[household], np.inf).argmin())
            placement.assignment[household] = place
            placement.left[place] -= use if problem.by_profile else use[place]
