"""The search never loses, holds the room, and changes who stays behind where that is better."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn
from tests.unit.matching.validator import faults, value
from workflows.matching import search as searching
from workflows.matching.arrays import NOWHERE, Ints
from workflows.matching.ascent import ascend
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.search import Effort, search

Given = dict[str, Any]


def searched(arrays: Given, assignment: Ints, shakes: int = 0) -> Ints:
    problem = Problem.of(**arrays)
    prices = ascend(problem, np.ones(problem.households))
    return search(problem, assignment, *regrets(problem, prices), Effort(shakes))


def one_home() -> Given:
    """Return two households alike for one home, where the second is worth most."""
    return {
        "score": np.array([[0.2], [0.9]]),
        "eligible": np.ones((2, 1), bool),
        "use": np.array([[1], [1]]),
        "room": np.array([[1]]),
        "size": np.array([1, 1]),
    }


def test_who_is_worth_more_takes_the_home_and_the_other_stays() -> None:
    assert searched(one_home(), np.array([0, NOWHERE])).tolist() == [NOWHERE, 0]


def test_a_search_for_which_staying_is_no_place_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: nobody may stay, so who has the home keeps it."""

    def nobody_stays(problem: Problem) -> Problem:
        extended = real(problem)
        return replace(extended, eligible=np.column_stack([problem.eligible, [False, False]]))

    real = searching._with_staying
    monkeypatch.setattr(searching, "_with_staying", nobody_stays)
    with pytest.raises(AssertionError):
        test_who_is_worth_more_takes_the_home_and_the_other_stays()


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6), households=st.integers(1, 25), shakes=st.integers(0, 1))
def test_it_never_loses_and_holds_the_room(*, seed: int, households: int, shakes: int) -> None:
    arrays = drawn(seed, households, 5)
    nobody = np.full(households, NOWHERE)
    found = searched(arrays, nobody, shakes)
    assert faults(arrays, found) == []
    assert value(arrays, found) >= value(arrays, nobody)
    again = searched(arrays, found, shakes)
    assert faults(arrays, again) == []
    assert value(arrays, again) >= value(arrays, found) - 1e-9
