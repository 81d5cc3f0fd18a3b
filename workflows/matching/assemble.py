"""Makes the problem of a run from who waits, what municipalities have, and the scores."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.vocabulary import Exclusion, SupplyKind
from workflows.matching.facts import Place
from workflows.matching.problem import Problem
from workflows.matching.room import kinds_of_home
from workflows.matching.scene import Scene
from workflows.matching.waiting import Criterion
from workflows.quota.period import HalfYear
from workflows.rules.hard_criteria import Surroundings, permits

Points = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
FREE = -1
EXCLUSIONS = tuple(Exclusion)
# What more room would lift: these pairs stay eligible, and the problem itself keeps its room.
OF_ROOM = (EXCLUSIONS.index(Exclusion.NO_ROOM), EXCLUSIONS.index(Exclusion.NO_DWELLING))
# Whoever waits beyond the term weighs more, up to twice as much after a hundred days, so that
# nobody is left behind run after run.
DAYS_TO_DOUBLE = 100


@dataclass(frozen=True, eq=False)
class Assembled:
    """A problem with its scene, the bare scores, and why each pair is excluded.

    `exclusions[i, j]` is a place in `EXCLUSIONS`, or -1 where household i may go to j; `rows`
    names the rows of room: half-years of the move for persons, then kinds of dwelling. `held_back`
    is the price per unit of room that the scores of the problem already paid, for who is still to
    come; without it, none.
    """

    scene: Scene
    problem: Problem
    scores: Points
    exclusions: Codes
    rows: tuple[HalfYear | SupplyKind, ...] = field(default=())
    held_back: Points | None = None


def assemble(scene: Scene, scores: Points, balance: float = 0.0) -> Assembled:
    """Make the problem; `scores` is households x places, in the order of the scene.

    `balance`, in points, is what a municipality that has fulfilled all of its quota loses beside
    one that has fulfilled nothing, per person; it keeps municipalities level within the half-year.
    """
    rows, use, room = _room(scene)
    exclusions = _exclusions(scene, use, room, len(set(scene.moves)))
    sizes = np.array([each.seeker.persons for each in scene.households], dtype=np.int64)
    levelled = scores - balance * sizes[:, None] * _fulfilled(scene)[None]
    eligible = np.isin(exclusions, (FREE, *OF_ROOM))
    problem = Problem.of(levelled, eligible, use, room, sizes, penalty=_loss_per_person(scene))
    return Assembled(scene, problem, scores, exclusions, rows)


def _room(
    scene: Scene,
) -> tuple[tuple[HalfYear | SupplyKind, ...], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows, what each household uses of them and what each municipality has.

    A household that moves in a half-year counts for that and for each later one, since what it
    takes is gone for those who move later too.
    """
    halves = sorted(set(scene.moves))
    kinds = tuple(SupplyKind)
    use = np.zeros((len(scene.households), len(halves) + len(kinds)), dtype=np.int64)
    for number, (household, move) in enumerate(zip(scene.households, scene.moves, strict=True)):
        persons = household.seeker.persons
        use[number, : len(halves)] = [persons if move <= half else 0 for half in halves]
        own = kinds_of_home(persons, household.functional_needs)
        use[number, len(halves) :] = [kind in own for kind in kinds]
    # Each household takes a place for at least one person, so this many dwellings never bind.
    most = max((room.persons(halves[-1]) for room in scene.rooms.values() if halves), default=0)
    plenty = max(most, len(scene.households))
    room = np.array(
        [
            [scene.rooms[place.code].persons(half) for half in halves]
            + [scene.rooms[place.code].dwellings.get(kind, plenty) for kind in kinds]
            for place in scene.places
        ],
        dtype=np.int64,
    ).reshape(len(scene.places), len(halves) + len(kinds))
    return (*halves, *kinds), use, room


def _exclusions(
    scene: Scene, use: npt.NDArray[np.int64], room: npt.NDArray[np.int64], halves: int
) -> Codes:
    """Return the first reason that holds for each pair, in the order of `Exclusion`."""
    found = np.full((len(scene.households), len(scene.places)), FREE, dtype=np.int8)
    full = (use[:, None, :halves] > room[None, :, :halves]).any(-1)
    without = (use[:, None, halves:] > room[None, :, halves:]).any(-1)
    found[without] = EXCLUSIONS.index(Exclusion.NO_DWELLING)
    found[full] = EXCLUSIONS.index(Exclusion.NO_ROOM)
    for number, household in enumerate(scene.households):
        for criterion in household.hard_criteria:
            allowed = allowed_by(criterion, scene.places, scene.surroundings)
            found[number, ~allowed] = EXCLUSIONS.index(Exclusion.HARD_CRITERION)
    exempt = [scene.rooms[place.code].exempt for place in scene.places]
    closed = [place.code in scene.closed for place in scene.places]
    found[:, exempt] = EXCLUSIONS.index(Exclusion.EXEMPT)
    found[:, closed] = EXCLUSIONS.index(Exclusion.CLOSED)
    return found


def allowed_by(
    criterion: Criterion, places: Sequence[Place], surroundings: Surroundings
) -> npt.NDArray[np.bool_]:
    """Tell per municipality whether a hard criterion permits it."""
    return np.array(
        [permits(criterion, place.code, place.region, surroundings) for place in places],
        dtype=np.bool_,
    )


def _fulfilled(scene: Scene) -> Points:
    """Return the part of its quota that each municipality has fulfilled or given away."""
    rooms = [scene.rooms[place.code] for place in scene.places]
    used = np.array([max(room.used, 0) for room in rooms], dtype=np.float64)
    obliged = np.array([max(room.obliged, 1) for room in rooms], dtype=np.float64)
    part: Points = np.minimum(used / obliged, 1.0)
    return part


def _loss_per_person(scene: Scene) -> Points:
    """Return what a person of each household costs when it is left unplaced: 1 to 2 points."""
    late = [
        0 if each.due_on is None else max((scene.today - each.due_on).days, 0)
        for each in scene.households
    ]
    loss: Points = 1.0 + np.minimum(np.array(late, dtype=np.float64) / DAYS_TO_DOUBLE, 1.0)
    return loss
