"""Beside how things are, a household moves only where the plan gains by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import Given, drawn
from tests.unit.matching.validator import faults, value
from workflows.matching.arrays import NOWHERE, Ints
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan, solve
from workflows.matching.staying import stay_put


def moved(before: Ints, plan: Plan) -> int:
    return int((before != plan.assignment[: len(before)]).sum())


def check(seed: int, households: int, places: int) -> None:
    """Change room, then look at a plan that stays near the one from before the change."""
    arrays = drawn(seed, households, places)
    # Rounded scores have many equals, among which a solver chooses as it likes.
    arrays["score"] = np.round(arrays["score"], 1)
    before = solve(Problem.of(**arrays)).assignment
    other: Given = arrays | {"room": arrays["room"].copy()}
    other["room"][seed % places] += 1 + seed % 3
    problem = Problem.of(**other)
    free = solve(problem)
    near = stay_put(problem, free, before)
    assert faults(other, near.assignment) == []
    assert value(other, near.assignment) >= value(other, free.assignment) - 1e-9
    assert near.certificate.objective == pytest.approx(value(other, near.assignment))
    assert near.certificate.bound >= near.certificate.objective - 1e-9
    assert near.certificate.optimal or not free.certificate.optimal
    assert moved(before, near) <= moved(before, free)
    assert set(near.unplaced) == set(np.flatnonzero(near.assignment == NOWHERE).tolist())


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), households=st.integers(1, 25), places=st.integers(1, 6))
def test_a_plan_near_another_is_as_good_and_moves_no_more(
    seed: int, households: int, places: int
) -> None:
    check(seed, households, places)


@pytest.mark.full
@settings(max_examples=300)
@given(seed=st.integers(0, 10**9), households=st.integers(1, 60), places=st.integers(1, 9))
def test_many_plans_near_others_are_as_good(seed: int, households: int, places: int) -> None:
    check(seed, households, places)


def test_between_equals_nobody_moves() -> None:
    """The planted defect is the solver's own plan: it does move them."""
    arrays = drawn(3, 20, 4)
    arrays |= {"score": np.full((20, 4), 0.5), "eligible": np.ones((20, 4), np.bool_)}
    arrays["room"] = np.full((4, 4), 60)
    problem = Problem.of(**arrays)
    before = np.arange(20) % 4
    free = solve(problem)
    assert moved(before, free) > 0
    assert moved(before, stay_put(problem, free, before)) == 0


def test_who_gains_moves_and_nobody_else() -> None:
    score = np.full((6, 3), 0.5)
    score[4, 2] = 0.9
    ones = np.ones((6, 1), np.int64)
    problem = Problem.of(score, np.ones((6, 3), np.bool_), ones, np.full((3, 1), 6), ones[:, 0])
    before = np.array([0, 1, 0, 1, 0, 1])
    plan = stay_put(problem, solve(problem), before)
    assert plan.assignment.tolist() == [0, 1, 0, 1, 2, 1]


def test_what_is_not_possible_any_more_is_not_gone_back_to() -> None:
    ones = np.ones((2, 1), np.int64)
    eligible = np.array([[False, True], [True, True]])
    problem = Problem.of(np.full((2, 2), 0.5), eligible, ones, np.full((2, 1), 2), ones[:, 0])
    plan = stay_put(problem, solve(problem), np.array([0, NOWHERE]))
    assert plan.assignment[0] == 1
    assert plan.unplaced == {}
