import hashlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.validator import best, faults, value
from workflows.matching.pricing import bound
from workflows.matching.problem import Problem, UnusableProblem
from workflows.matching.solve import Plan, WhyUnplaced, solve

Given = dict[str, Any]


def drawn(seed: int, households: int, places: int, *, by_place: bool = False) -> Given:
    """Draw a problem with scarce room of four rows."""
    chance = np.random.default_rng(seed)
    size = chance.integers(1, 7, households)
    use = np.stack([size, size == 1, size > 1, size >= 5], axis=1).astype(np.int64)
    if by_place:
        use = use[:, None] + chance.integers(0, 2, (households, places, 4))
    mean = max(1, round(3 * households / places))
    room = np.stack([chance.integers(0, high, places) for high in (2 * mean, 3, 4, 2)], axis=1)
    return {
        "score": chance.random((households, places)) * np.minimum(size, 2)[:, None],
        "eligible": chance.random((households, places)) < 0.8,
        "use": use,
        "room": room,
        "size": size,
    }


def proven(arrays: Given) -> Plan:
    """Solve and check all that must hold of any plan."""
    problem = Problem.of(**arrays)
    plan = solve(problem)
    certificate = plan.certificate
    assert faults(arrays, plan.assignment) == []
    assert certificate.objective == pytest.approx(value(arrays, plan.assignment))
    assert certificate.bound >= certificate.objective - 1e-9
    assert (plan.prices >= 0).all()
    assert certificate.price_bound == pytest.approx(bound(problem, plan.prices))
    parts = certificate.regret.sum() + certificate.unused.sum()
    assert abs(certificate.price_bound - certificate.objective - parts) < 1e-6
    assert (certificate.regret >= -1e-9).all()
    assert (certificate.unused >= 0).all()
    assert set(plan.unplaced) == set(np.flatnonzero(plan.assignment == -1).tolist())
    return plan


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10**6),
    households=st.integers(1, 30),
    places=st.integers(1, 8),
    by_place=st.booleans(),
)
def test_hard_criteria_whole_households_and_room_always_hold(
    *, seed: int, households: int, places: int, by_place: bool
) -> None:
    proven(drawn(seed, households, places, by_place=by_place))


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10**6),
    households=st.integers(1, 5),
    places=st.integers(1, 3),
    by_place=st.booleans(),
)
def test_small_problems_reach_the_optimum_of_enumeration(
    *, seed: int, households: int, places: int, by_place: bool
) -> None:
    arrays = drawn(seed, households, places, by_place=by_place)
    plan = proven(arrays)
    optimum = best(arrays)
    assert plan.certificate.objective == pytest.approx(optimum, abs=1e-6)
    assert plan.certificate.bound >= optimum - 1e-6
    assert plan.certificate.optimal


@pytest.mark.full
@settings(max_examples=300)
@given(
    seed=st.integers(0, 10**9),
    households=st.integers(1, 60),
    places=st.integers(1, 12),
    by_place=st.booleans(),
)
def test_many_random_problems_hold(
    *, seed: int, households: int, places: int, by_place: bool
) -> None:
    proven(drawn(seed, households, places, by_place=by_place))


def test_more_households_than_are_polished_hold() -> None:
    plan = proven(drawn(3, 700, 30))
    assert plan.certificate.gap / abs(plan.certificate.bound) < 0.05


def test_the_validator_catches_planted_faults() -> None:
    arrays = drawn(5, 12, 4)
    arrays["room"] = arrays["room"] + 9
    plan = proven(arrays)
    i = int(np.flatnonzero(plan.assignment >= 0)[0])
    j = int(plan.assignment[i])
    forbidden = {**arrays, "eligible": arrays["eligible"].copy()}
    forbidden["eligible"][i, j] = False
    assert faults(forbidden, plan.assignment) == [f"household {i} may not go to {j}"]
    full = {**arrays, "room": arrays["room"].copy()}
    full["room"][j, 0] = arrays["size"][i] - 1
    assert any(f"row 0 of municipality {j}" in each for each in faults(full, plan.assignment))
    assert faults(arrays, plan.assignment[:-1])
    assert faults(arrays, np.full(12, 4))


def test_the_same_problem_gives_the_same_bytes_in_three_processes() -> None:
    code = (
        "import hashlib; from tests.unit.matching.test_solve import drawn; "
        "from workflows.matching.problem import Problem; "
        "from workflows.matching.solve import solve; "
        "plan = solve(Problem.of(**drawn(11, 150, 12))); "
        "print(hashlib.sha256(plan.assignment.tobytes() + plan.prices.tobytes()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(3)
    }
    assert len(printed) == 1
    assert len(next(iter(printed))) == len(hashlib.sha256().hexdigest())


def test_an_empty_batch_is_an_empty_plan() -> None:
    plan = proven(drawn(1, 0, 3))
    assert plan.assignment.shape == (0,)
    assert plan.certificate.objective == plan.certificate.bound == 0
    assert plan.certificate.optimal


def test_who_cannot_be_placed_has_a_reason() -> None:
    arrays = drawn(2, 6, 3)
    arrays["room"] = np.array([[4, 1, 1, 1]] * 3)
    arrays["size"] = np.array([1, 9, 2, 2, 2, 2])
    size = arrays["size"]
    arrays["use"] = np.stack([size, size == 1, size > 1, size >= 5], axis=1)
    arrays["eligible"] = np.ones((6, 3), bool)
    arrays["eligible"][0] = False
    plan = proven(arrays)
    assert plan.unplaced[0] is WhyUnplaced.NOWHERE_ELIGIBLE
    assert plan.unplaced[1] is WhyUnplaced.LARGER_THAN_ANY_ROOM
    assert list(plan.unplaced.values()).count(WhyUnplaced.ROOM_USED_BY_OTHERS) == 1


def test_nobody_is_placed_where_that_costs_more_than_waiting() -> None:
    arrays = drawn(2, 1, 2)
    arrays["score"] = np.full((1, 2), -100.0)
    arrays["eligible"] = np.ones((1, 2), bool)
    arrays["room"] = np.full((2, 4), 9)
    assert proven(arrays).unplaced == {0: WhyUnplaced.WORTH_LESS_THAN_ITS_LOSS}


def test_no_room_anywhere_leaves_everybody() -> None:
    arrays = drawn(2, 8, 3)
    arrays["room"] = np.zeros((3, 4), int)
    arrays["eligible"] = np.ones((8, 3), bool)
    assert set(proven(arrays).unplaced.values()) == {WhyUnplaced.LARGER_THAN_ANY_ROOM}


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("score", np.full((4, 3), np.nan), "score of household 0 at municipality 0"),
        ("score", np.full((4, 3), np.inf), "is no number"),
        ("score", [["a"]], "no number"),
        ("score", np.zeros(4), "2 dimensions"),
        ("score", np.zeros((4, 0)), "no municipality"),
        ("room", np.zeros((3, 0)), "no capacity row"),
        ("eligible", np.ones((3, 3)), "eligible has shape"),
        ("use", np.full((4, 4), -1), "negative"),
        ("use", np.zeros((4, 3, 2, 1)), "4 dimensions"),
        ("room", np.full((3, 4), 1.5), "parts of a person"),
        ("room", np.zeros((3, 2)), "use has shape"),
        ("size", np.full(4, np.nan), "negative number or none"),
        ("penalty", -1.0, "penalty"),
        ("penalty", [1.0, 2.0], "penalty"),
    ],
)
def test_unusable_input_is_refused_in_words(name: str, wrong: Any, message: str) -> None:
    arrays = drawn(1, 4, 3)
    arrays["eligible"] = np.ones((4, 3), bool)
    with pytest.raises(UnusableProblem, match=message):
        Problem.of(**{**arrays, name: wrong})


def test_a_score_that_is_missing_does_not_matter_where_nobody_may_go() -> None:
    arrays = drawn(1, 4, 3)
    arrays["eligible"][:, 0] = False
    arrays["score"][:, 0] = np.nan
    proven(arrays)
