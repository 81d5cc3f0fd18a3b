"""The least change that would make a municipality a household's choice, each solved again with it.

Three changes are looked for apart: a higher score of the household there, more room there, and
room there that is less scarce. Nothing is said that a new solution did not confirm.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

import numpy as np

from workflows.matching.arrays import NOWHERE, Ints
from workflows.matching.changed_problem import (
    with_higher_score,
    with_less_scarce_room,
    with_more_room,
)
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan, solve

# In points: what a score must be higher than it would be at a tie.
_MARGIN = 1e-5
# Points are told in thousandths, so no amount is tried that cannot be told.
_PARTS = 1000
_TRIES = 4
_MOST_ROOM = 32


class Verdict(StrEnum):
    """What can be said of a household and a municipality."""

    CHOSEN = "chosen"
    NOT_ELIGIBLE = "not_eligible"
    CHANGES = "changes"
    NO_CHANGE_FOUND = "no_change_found"


class Way(StrEnum):
    """What changes: the household's score there, the room there, or how scarce that room is."""

    SCORE = "score"
    ROOM = "room"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """A change that makes the municipality the choice.

    `amount` is, for a score, the points that it must be higher; for room, the largest number that
    is added to one capacity row (`room` has all rows); for a price, the points by which the room
    that the household takes must be less scarce, because others gain less with it. Points are whole
    thousandths, as they are told. No smaller
    score than `at_least` can do; for a price that holds of net scores. `plan` is the solution
    with the change.
    """

    way: Way
    amount: float
    at_least: float
    plan: Plan
    room: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counterfactual:
    """What would make `municipality` (its column) the choice of `household` (its row).

    `cost` is what all households together lose, in points, when the household goes there as
    things are; None unless a score was looked for and the household can be there.
    """

    household: int
    municipality: int
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    cost: float | None = None


def counterfactual(
    problem: Problem,
    plan: Plan,
    household: int,
    municipality: int,
    *,
    ways: Collection[Way] = tuple(Way),
    told: Callable[[], None] = lambda: None,
) -> Counterfactual:
    """Return the least change of each way that makes a municipality the choice.

    `plan` is the solution of `problem`. It solves the problem some five to twenty times; `told`
    is called before each and may raise to stop.
    """
    about = _Question(problem, plan, household, municipality, told)
    if plan.assignment[household] == municipality:
        return about.answer(Verdict.CHOSEN)
    if not problem.eligible[household, municipality]:
        return about.answer(Verdict.NOT_ELIGIBLE)
    looked = {Way.SCORE: about.score, Way.ROOM: about.room, Way.PRICE: about.price}
    found = [looked[way]() for way in Way if way in ways]
    changes = tuple(change for change in found if change is not None)
    return about.answer(Verdict.CHANGES if changes else Verdict.NO_CHANGE_FOUND, changes)


def _told(points: float) -> float:
    """Return points as they can be told: no fewer, in whole thousandths."""
    return ceil(points * _PARTS) / _PARTS


class _Question:
    """A household, a municipality, and the plan that chose otherwise."""

    def __init__(
        self, problem: Problem, plan: Plan, household: int, place: int, told: Callable[[], None]
    ) -> None:
        self._problem, self._plan = problem, plan
        self._household, self._place = household, place
        self._told = told
        everybody = np.array([household])
        self._use: Ints = problem.taken(everybody, np.array([place]))[0]
        self._cost: float | None = None

    def answer(self, verdict: Verdict, changes: tuple[Change, ...] = ()) -> Counterfactual:
        return Counterfactual(
            household=self._household,
            municipality=self._place,
            verdict=verdict,
            changes=changes,
            cost=self._cost,
        )

    def score(self) -> Change | None:
        """Look for the least rise of the score, from the best plan that has the household there."""
        if not np.isfinite(self._problem.value[self._household, self._place]):
            return None
        enough = self._enough()
        there = self._solved(self._raised(enough))
        if not self._chosen(there):
            return None
        worth = self._problem.objective(there.assignment)
        objective = self._plan.certificate.objective
        self._cost = max(0.0, objective - worth)
        at_least = max(0.0, objective - (there.certificate.bound - enough))
        amount = _told(self._cost + _MARGIN)
        for _ in range(_TRIES):
            if amount >= enough:
                break
            plan = self._solved(self._raised(amount))
            if self._chosen(plan):
                return Change(way=Way.SCORE, amount=amount, at_least=at_least, plan=plan)
            elsewhere = self._problem.objective(plan.assignment)
            amount = _told(max(elsewhere - worth, 2 * amount) + _MARGIN)
        return Change(way=Way.SCORE, amount=enough, at_least=at_least, plan=there)

    def _enough(self) -> float:
        """Return a rise that outweighs everybody who is there now: more than the least is."""
        problem, at = self._problem, self._plan.assignment
        there = np.flatnonzero(at == self._place)
        lost = (problem.score[there, self._place] + problem.loss[there]).sum()
        now = at[self._household]
        own = problem.score[self._household, now] if now != NOWHERE else None
        kept = -problem.loss[self._household] if own is None else own
        gap = self._plan.certificate.gap
        return _told(float(lost + kept - problem.score[self._household, self._place] + gap) + 1.0)

    def _raised(self, amount: float) -> Problem:
        return with_higher_score(self._problem, self._household, self._place, amount)

    def room(self) -> Change | None:
        """Look for the least room, in the proportions in which the household takes it.

        First whether much would do, then by halving between what does and what does not.
        """
        scarce = self._scarce()
        if not scarce.any():
            return None
        most = _MOST_ROOM * int(self._use.max())
        plan = self._solved(self._widened(scarce, most))
        if not self._chosen(plan):
            return None
        low, high = 0, most
        step = 1
        while high - low > 1:
            tried = min(low + step, high - 1) if step else (low + high) // 2
            found = self._solved(self._widened(scarce, tried))
            if self._chosen(found):
                high, plan, step = tried, found, 0
            else:
                low, step = tried, 2 * step
        added = self._added(scarce, high)
        return Change(
            way=Way.ROOM, amount=float(high), at_least=1.0, room=tuple(added.tolist()), plan=plan
        )

    def _scarce(self) -> Ints:
        """Return what the household takes of the rows that have a price or are too full for it."""
        left = self._problem.left(self._plan.assignment)[self._place]
        binding = (self._plan.prices[self._place] > 0) | (left < self._use)
        return np.where(binding, self._use, 0)

    def _added(self, scarce: Ints, most: int) -> Ints:
        return np.asarray(-(-scarce * most // max(1, int(scarce.max()))))

    def _widened(self, scarce: Ints, most: int) -> Problem:
        return with_more_room(self._problem, self._place, self._added(scarce, most))

    def price(self) -> Change | None:
        """Look for the least fall of the price of room there: at most all that it costs.

        First the fall that closes the gap in net score, then by halving between that and all.
        """
        prices, pair = self._plan.prices, (self._household, self._place)
        behind = float(regrets(self._problem, prices)[0][pair])
        paid = float((self._use * prices[self._place]).sum())
        if behind > paid:
            return None
        low, amount, most = behind, _told(behind + _MARGIN), floor(paid * _PARTS) / _PARTS
        if amount > most:
            return None
        found = self._solved(self._less_scarce(amount))
        if not self._chosen(found):
            low, amount = amount, most
            found = self._solved(self._less_scarce(amount))
        if not self._chosen(found):
            return None
        for _ in range(_TRIES):
            tried = _told((low + amount) / 2)
            if tried >= amount:
                break
            plan = self._solved(self._less_scarce(tried))
            if self._chosen(plan):
                amount, found = tried, plan
            else:
                low = tried
        return Change(way=Way.PRICE, amount=amount, at_least=behind, plan=found)

    def _less_scarce(self, amount: float) -> Problem:
        return with_less_scarce_room(
            self._problem, self._plan.prices, self._household, self._place, amount
        )

    def _solved(self, problem: Problem) -> Plan:
        self._told()
        return solve(problem)

    def _chosen(self, plan: Plan) -> bool:
        return bool(plan.assignment[self._household] == self._place)
