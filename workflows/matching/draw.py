"""The lottery that a run is compared with, and the sizes of household that a floor looks at."""

from collections import defaultdict

import numpy as np

from models.vocabulary import HouseholdMix
from workflows.matching.arrays import Ints
from workflows.matching.assemble import Assembled
from workflows.matching.fairness import Lottery
from workflows.matching.room import LARGE


def lottery_of(assembled: Assembled) -> Lottery:
    """Return the lottery over bare scores, by the persons that fit the half-year of each move."""
    moves = [assembled.rows.index(move) for move in assembled.scene.moves]
    room = assembled.problem.room.T[moves].astype(np.float64)
    return Lottery(assembled.scores, np.isfinite(assembled.problem.value), room)


def size_of(persons: int) -> HouseholdMix:
    """Return the size of a household as reports name it."""
    if persons == 1:
        return HouseholdMix.SINGLE
    return HouseholdMix.LARGE_FAMILY if persons >= LARGE else HouseholdMix.FAMILY


def by_size(assembled: Assembled) -> dict[str, Ints]:
    """Return the rows of the households of each size, in the order of sizes."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, household in enumerate(assembled.scene.households):
        found[size_of(household.seeker.persons)].append(number)
    return {size: np.array(found[size], np.int64) for size in HouseholdMix if found[size]}
