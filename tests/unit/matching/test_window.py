"""Whoever is left gets a place where others can move on, and nobody loses the room by it."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn
from tests.unit.matching.validator import faults
from workflows.matching.arrays import NOWHERE
from workflows.matching.ascent import ascend
from workflows.matching.knapsack import Charges
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.window import place_left

Given = dict[str, Any]


def placed(arrays: Given, assignment: Any) -> Any:
    problem = Problem.of(**arrays)
    prices = ascend(problem, np.ones(problem.households))
    regret, unplaced = regrets(problem, prices)
    return place_left(problem, assignment, regret, Charges(unplaced, prices), lambda: None)


def test_a_household_with_one_town_gets_it_when_who_lives_there_can_move_on() -> None:
    arrays = {
        "score": np.array([[0.9, 0.2], [0.1, 0.0]]),
        "eligible": np.array([[True, True], [True, False]]),
        "use": np.array([[1], [1]]),
        "room": np.array([[1], [1]]),
        "size": np.array([1, 1]),
    }
    assert placed(arrays, np.array([0, NOWHERE])).tolist() == [1, 0]


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), households=st.integers(2, 12), places=st.integers(2, 8))
def test_it_never_loses_and_holds_the_room(*, seed: int, households: int, places: int) -> None:
    arrays = drawn(seed, households, places)
    problem = Problem.of(**arrays)
    nobody = np.full(households, NOWHERE)
    found = placed(arrays, nobody)
    assert faults(arrays, found) == []
    assert problem.objective(found) >= problem.objective(nobody)
    again = placed(arrays, found)
    assert faults(arrays, again) == []
    assert problem.objective(again) >= problem.objective(found) - 1e-9


def test_scarce_room_is_left_to_the_search() -> None:
    arrays = drawn(3, 40, 6)
    nobody = np.full(40, NOWHERE)
    assert np.array_equal(placed(arrays, nobody), nobody)
