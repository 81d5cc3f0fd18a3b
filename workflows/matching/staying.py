"""Keeps a what-if close to how things are: a household moves only where the plan gains by it.

Many plans are equally good, so a solver may return another one for a change far away. What differs
between the two plans is taken back, piece by piece, as long as the new plan loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from workflows.matching.arrays import NOWHERE, Ints
from workflows.matching.certificate import certify
from workflows.matching.placement import GAIN, Moves, Placement
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan

_LONGEST_ROUND = 3


def stay_put(problem: Problem, plan: Plan, before: Ints) -> Plan:
    """Return a plan at least as good that leaves households where `before` has them.

    `before` is the plan as things are, for the first households of the problem; NOWHERE binds
    nobody. The certificate is that of the plan returned.
    """
    placement = Placement.of(problem, plan.assignment)
    _take_back(placement, _connected(placement, before))
    while _take_back(placement, _alone(placement, before)) or _take_back(
        placement, _rounds(placement, before)
    ):
        pass
    placement.assignment.flags.writeable = False
    assignment = placement.assignment
    return replace(
        plan,
        assignment=assignment,
        certificate=certify(problem, plan.prices, assignment, plan.certificate.bound),
        unplaced={at: why for at, why in plan.unplaced.items() if assignment[at] == NOWHERE},
    )


def _take_back(placement: Placement, found: Iterable[Moves]) -> bool:
    """Make each set of moves that loses nothing and fits; tells whether any was made."""
    made = False
    for moves in found:
        placement.try_moves(moves, set(), least=-GAIN)
        household, place = moves[0]
        made |= bool(placement.assignment[household] == place)
    return made


def _moved(placement: Placement, before: Ints) -> Moves:
    """Return who is elsewhere than before, each with the municipality of before."""
    here = placement.assignment[: len(before)]
    moved = np.flatnonzero((here != before) & (before != NOWHERE))
    possible = np.isfinite(placement.problem.value[moved, before[moved]])
    return [(int(each), int(before[each])) for each in moved[possible]]


def _connected(placement: Placement, before: Ints) -> list[Moves]:
    """Return the moves back that share municipalities, all of a piece."""
    root: dict[int, int] = {}

    def top(place: int) -> int:
        while root.setdefault(place, place) != place:
            place = root[place]
        return place

    moves = _moved(placement, before)
    for household, back in moves:
        here = int(placement.assignment[household])
        if here != NOWHERE:
            root[top(here)] = top(back)
    pieces: dict[int, Moves] = defaultdict(list)
    for household, back in moves:
        pieces[top(back)].append((household, back))
    return list(pieces.values())


def _alone(placement: Placement, before: Ints) -> list[Moves]:
    return [[move] for move in _moved(placement, before)]


def _rounds(placement: Placement, before: Ints) -> Iterator[Moves]:
    """Yield rounds of two or three households that change places back with each other."""
    moves = _moved(placement, before)
    standing: dict[int, Moves] = defaultdict(list)
    for household, back in moves:
        standing[int(placement.assignment[household])].append((household, back))
    for move in moves:
        yield from _back_to(placement, standing, [move])


def _back_to(placement: Placement, standing: dict[int, Moves], path: Moves) -> Iterator[Moves]:
    start = int(placement.assignment[path[0][0]])
    for move in standing[path[-1][1]]:
        if move[0] <= path[0][0] or move in path:
            continue
        if move[1] == start:
            yield [*path, move]
        elif len(path) + 1 < _LONGEST_ROUND:
            yield from _back_to(placement, standing, [*path, move])
