"""A place for who is left: the municipalities around a household, solved anew by whole sets."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.knapsack import Charges
from workflows.matching.packing import pack
from workflows.matching.problem import Problem

_NEAREST = 4
_MOST_PLACES = 6
_MOST_HOUSEHOLDS = 40
# More are left because room is scarce, which no window changes.
_MOST_LEFT = 12


def place_left(
    problem: Problem, assignment: Ints, regret: Floats, charges: Charges, told: Callable[[], None]
) -> Ints:
    """Return an assignment at least as good, in which fewer may be unplaced.

    For each unplaced household, the largest first, a window is solved anew: the municipalities of
    its least regret, those where their households would move on to, and all who live there. Not
    where more than a dozen are left.
    """
    left = np.flatnonzero((assignment == NOWHERE) & np.isfinite(regret).any(axis=1))
    if len(left) > _MOST_LEFT:
        return assignment
    for household in left[np.argsort(-problem.size[left], kind="stable")]:
        if assignment[household] == NOWHERE:
            told()
            places = _around(assignment, regret, int(household))
            assignment = _solved(problem, assignment, charges, places)
    return assignment


def _around(assignment: Ints, regret: Floats, household: int) -> Ints:
    """Return the municipalities of the window of a household, in their order."""
    nearest = np.argsort(regret[household], kind="stable")[:_NEAREST]
    nearest = nearest[np.isfinite(regret[household, nearest])]
    onward = regret[np.isin(assignment, nearest)].min(axis=0, initial=np.inf)
    onward = np.minimum(onward, regret[household])
    onward[nearest] = -np.inf
    residents = np.bincount(assignment[assignment != NOWHERE], minlength=regret.shape[1])
    chosen: list[int] = []
    held = 0
    for place in np.argsort(onward, kind="stable"):
        if len(chosen) == _MOST_PLACES or not onward[place] < np.inf:
            break
        if held + residents[place] <= _MOST_HOUSEHOLDS:
            held += residents[place]
            chosen.append(int(place))
    return np.sort(np.array(chosen, np.int64))


def _solved(problem: Problem, assignment: Ints, charges: Charges, places: Ints) -> Ints:
    """Return the assignment with the households in these municipalities, and of none, anew."""
    who = np.flatnonzero(np.isin(assignment, places) | (assignment == NOWHERE))
    cell = np.ix_(who, places)
    window = replace(
        problem,
        score=problem.score[cell],
        eligible=problem.eligible[cell],
        use=problem.use[who],
        room=problem.room[places],
        size=problem.size[who],
        loss=problem.loss[who],
    )
    here = np.searchsorted(places, assignment[who])
    here[assignment[who] == NOWHERE] = NOWHERE
    there = Charges(charges.household[who], charges.prices[places])
    found = pack(window, there, here, prove=False).assignment
    anew = assignment.copy()
    anew[who] = np.where(found == NOWHERE, NOWHERE, places[np.maximum(found, 0)])
    return anew
