"""Search by ejection: a household takes the room of one or two others, who move on in turn."""

from itertools import combinations_with_replacement

import numpy as np

from workflows.matching.arrays import NOWHERE, Flags, Floats, Ints
from workflows.matching.placement import GAIN, Moves, Placement
from workflows.matching.problem import Problem

_DEPTH = 5
_TRIED = 120
_LONGEST = 14
_MANY_PROFILES = 12


class Candidates:
    """The pairs that a search looks at: those whose regret stays below a margin."""

    def __init__(self, problem: Problem, regret: Floats, margin: float) -> None:
        self.household, self.place = np.nonzero((regret <= margin) & np.isfinite(regret))
        self.value = problem.score[self.household, self.place]
        self.starts = np.searchsorted(self.household, np.arange(problem.households + 1))
        self.present = np.flatnonzero(np.diff(self.starts))
        profile = problem.profiles[1][self.household]
        self.cell = profile * problem.places + self.place


def eject(placement: Placement, candidates: Candidates, bias: Floats | None = None) -> float:
    """Make the chains that gain most, no municipality twice, and return the total gain."""
    chains = _Chains(placement, candidates, bias)
    gains = chains.gains()
    total, touched = 0.0, set[int]()
    for household in np.argsort(-gains, kind="stable")[:_TRIED]:
        if gains[household] <= GAIN:
            break
        moves: Moves = []
        if chains.trace(int(household), len(chains.reached) - 1, moves):
            total += placement.try_moves(moves, touched, bias)
    return total


class _Chains:
    """What entering a municipality is worth to a profile, when others may move on `d` times.

    `enter[d][p, j]` is the best total of those who then leave j, 0 where there is room; and
    `reached[d][i]` is the best that household i gets in the end. Like the shortest paths of
    Bellman and Ford, over profiles and municipalities.
    """

    def __init__(self, placement: Placement, candidates: Candidates, bias: Floats | None) -> None:
        problem = placement.problem
        self._problem, self._candidates = problem, candidates
        self._rows, self._profile = problem.profiles
        self._current = placement.current
        self._value = candidates.value
        at = placement.assignment
        placed = np.flatnonzero(at != NOWHERE)
        if bias is not None:
            self._value = self._value + bias.ravel()[candidates.cell]
            self._current = self._current.copy()
            self._current[placed] += bias[self._profile[placed], at[placed]]
        key = self._profile[placed] * problem.places + at[placed]
        order = np.lexsort((placed, key))
        self._who, self._key = placed[order], key[order]
        self._keys, self._starts = np.unique(self._key, return_index=True)
        self._ends = np.append(self._starts, len(self._who))[1:]
        self._weigh_room(placement.left)
        self.enter: list[Floats] = [np.where(self._room, 0.0, -np.inf)]
        self.reached: list[Floats] = []
        self._leave: list[tuple[Floats, Floats]] = []

    def _weigh_room(self, left: Ints) -> None:
        rows = self._rows
        after = left[None] - rows[:, None]
        self._room: Flags = np.asarray((after >= 0).all(-1))
        self._one: Flags = np.asarray((after[:, None] + rows[None, :, None] >= 0).all(-1))
        some = range(len(rows)) if len(rows) <= _MANY_PROFILES else ()
        self._pairs = np.array([*combinations_with_replacement(some, 2)], np.int64).reshape(-1, 2)
        first, second = self._pairs.T
        both = rows[first] + rows[second]
        self._two: Flags = np.asarray((after[:, None] + both[None, :, None] >= 0).all(-1))
        self._two &= ~self._one[:, first] & ~self._one[:, second]

    def gains(self) -> Floats:
        """Return what each household gains by the best chain that begins with it."""
        for depth in range(_DEPTH):
            self.reached.append(self._reach(self.enter[depth]))
            if depth + 1 < _DEPTH:
                self.enter.append(self._enter(self.reached[depth]))
        return np.asarray(self.reached[-1] - self._current)

    def _reach(self, enter: Floats) -> Floats:
        reached = np.full(self._problem.households, -np.inf)
        present = self._candidates.present
        if len(present):
            worth = self._value + enter.ravel()[self._candidates.cell]
            reached[present] = np.maximum.reduceat(worth, self._candidates.starts[present])
        return reached

    def _enter(self, reached: Floats) -> Floats:
        first, second = self._leaving(reached)
        self._leave.append((first, second))
        enter = np.maximum(self.enter[0], np.where(self._one, first[None], -np.inf).max(axis=1))
        if len(self._pairs):
            couple = np.where(self._two, self._couples(first, second)[None], -np.inf)
            enter = np.maximum(enter, couple.max(axis=1))
        return np.asarray(enter)

    def _leaving(self, reached: Floats) -> tuple[Floats, Floats]:
        """Return the best and the next best change of who leaves, by profile and place."""
        shape = (len(self._rows), self._problem.places)
        first, second = np.full(shape, -np.inf), np.full(shape, -np.inf)
        if len(self._keys):
            change = (reached - self._current)[self._who]
            first.reshape(-1)[self._keys] = np.maximum.reduceat(change, self._starts)
            best = np.lexsort((-change, self._key))[self._starts]
            change[best] = -np.inf
            second.reshape(-1)[self._keys] = np.maximum.reduceat(change, self._starts)
        return first, second

    def _couples(self, first: Floats, second: Floats) -> Floats:
        one, other = self._pairs.T
        return np.asarray(first[one] + np.where((one == other)[:, None], second[one], first[other]))

    def trace(self, household: int, depth: int, moves: Moves) -> bool:
        """Add the moves of a household's best chain; False where it grows too long."""
        candidates, profile = self._candidates, self._profile[household]
        span = slice(candidates.starts[household], candidates.starts[household + 1])
        enter = self.enter[depth][profile, candidates.place[span]]
        best = int((self._value[span] + enter).argmax())
        place, worth = int(candidates.place[span][best]), enter[best]
        moves.append((household, place))
        if len(moves) > _LONGEST:
            return False
        if depth == 0 or self._room[profile, place]:
            return True
        return all(
            self.trace(each, depth - 1, moves)
            for each in self._leavers(profile, place, worth, depth - 1)
        )

    def _leavers(self, profile: int, place: int, worth: float, depth: int) -> list[int]:
        first, second = self._leave[depth]
        alone = np.where(self._one[profile, :, place], first[:, place], -np.inf)
        if alone.max() >= worth:
            return self._ranked(int(alone.argmax()), place, depth, 1)
        couples = self._couples(first[:, place : place + 1], second[:, place : place + 1])[:, 0]
        couple = np.where(self._two[profile, :, place], couples, -np.inf)
        one, other = (int(each) for each in self._pairs[couple.argmax()])
        if one == other:
            return self._ranked(one, place, depth, 2)
        return self._ranked(one, place, depth, 1) + self._ranked(other, place, depth, 1)

    def _ranked(self, profile: int, place: int, depth: int, number: int) -> list[int]:
        group = np.searchsorted(self._keys, profile * self._problem.places + place)
        who = self._who[self._starts[group] : self._ends[group]]
        change = (self.reached[depth] - self._current)[who]
        return [int(each) for each in who[np.argsort(-change, kind="stable")[:number]]]
