"""Plans by whole sets: each municipality's best set by enumeration, and a bound that holds."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn, proven
from tests.unit.matching.validator import best, faults, value
from workflows.matching import knapsack
from workflows.matching.arrays import NOWHERE, Floats
from workflows.matching.charging import NearProgram
from workflows.matching.knapsack import Charges, Knapsacks
from workflows.matching.linear import SolverFailed
from workflows.matching.nearly_best import nearly_best
from workflows.matching.packing import pack
from workflows.matching.problem import Problem
from workflows.matching.sets import SetProgram
from workflows.matching.solve import solve

Given = dict[str, Any]
SEEDS = st.integers(0, 10**6)
# What rounding may make of a sum.
TINY = 1e-9


def charged(seed: int, problem: Problem) -> Charges:
    chance = np.random.default_rng(seed)
    return Charges(
        chance.uniform(0.0, 2.0, problem.households), chance.uniform(0.0, 1.0, problem.room.shape)
    )


def best_set(problem: Problem, charges: Charges, place: int) -> float:
    """Return the worth of the best set in a municipality by trying every set."""
    worth = problem.value[:, place] + problem.loss - charges.household
    return max(float(worth[list(chosen)].sum()) for chosen in fitting(problem, place))


def fitting(problem: Problem, place: int) -> list[tuple[int, ...]]:
    """Return every set of households that fits a municipality."""
    return [
        chosen
        for number in range(problem.households + 1)
        for chosen in combinations(range(problem.households), number)
        if (problem.use[list(chosen)].sum(axis=0) <= problem.room[place]).all()
    ]


@settings(max_examples=20)
@given(seed=SEEDS, households=st.integers(1, 7), places=st.integers(1, 4))
def test_the_best_set_is_that_of_enumeration(*, seed: int, households: int, places: int) -> None:
    problem = Problem.of(**drawn(seed, households, places))
    charges = charged(seed, problem)
    found = Knapsacks(problem).best(charges)
    for place in range(places):
        chosen = found.chosen[place]
        assert found.worth[place] == pytest.approx(best_set(problem, charges, place))
        assert (problem.use[chosen].sum(axis=0) <= problem.room[place]).all()
        worth = problem.value[chosen, place] + problem.loss[chosen] - charges.household[chosen]
        assert worth.sum() == pytest.approx(found.worth[place])


@settings(max_examples=12)
@given(seed=SEEDS, households=st.integers(1, 7), slack=st.floats(0.0, 1.5))
def test_no_set_that_is_nearly_best_is_overlooked(
    *, seed: int, households: int, slack: float
) -> None:
    problem = Problem.of(**drawn(seed, households, 2))
    charges = charged(seed, problem)
    knapsacks = Knapsacks(problem)
    found = nearly_best(knapsacks, charges, slack, 10_000)
    assert found is not None
    tops = knapsacks.best(charges).worth
    surely, perhaps = (_sets_within(problem, charges, tops, slack + more) for more in (-TINY, TINY))
    listed = {(place, tuple(chosen.tolist())) for place, chosen in found}
    assert surely <= listed <= perhaps
    assert len(found) == len(listed)
    assert nearly_best(knapsacks, charges, slack, len(listed) - 1) is None


def _sets_within(
    problem: Problem, charges: Charges, tops: Floats, slack: float
) -> set[tuple[int, tuple[int, ...]]]:
    """Return by enumeration the sets of each municipality that are within a slack of its best."""
    found = set()
    for place, top in enumerate(tops):
        worth = problem.value[:, place] + problem.loss - charges.household
        found |= {
            (place, chosen)
            for chosen in fitting(problem, place)
            if chosen and worth[list(chosen)].sum() >= top - slack
        }
    return found


@pytest.mark.parametrize("states", [50_000, 30, 1])
@settings(max_examples=10)
@given(seed=SEEDS, households=st.integers(1, 5), places=st.integers(1, 3))
def test_any_charges_prove_a_bound_with_wide_places_or_without(
    *, states: int, seed: int, households: int, places: int
) -> None:
    arrays = drawn(seed, households, places)
    problem = Problem.of(**arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "_MOST_STATES", states)
        bound = Knapsacks(problem).best(charged(seed, problem)).bound - problem.loss.sum()
    assert bound >= best(arrays) - 1e-9


@pytest.mark.parametrize("states", [50_000, 30, 1])
@settings(max_examples=8)
@given(seed=SEEDS, households=st.integers(1, 5), places=st.integers(1, 3))
def test_packing_holds_the_room_and_reaches_the_optimum_of_small_problems(
    *, states: int, seed: int, households: int, places: int
) -> None:
    arrays = drawn(seed, households, places)
    problem = Problem.of(**arrays)
    nobody = np.full(households, NOWHERE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "_MOST_STATES", states)
        found = pack(problem, charged(seed, problem), nobody)
    assert faults(arrays, found.assignment) == []
    assert found.proven is not None
    assert found.proven >= best(arrays) - 1e-6
    assert value(arrays, found.assignment) == pytest.approx(best(arrays), abs=1e-6)
    assert found.proven == pytest.approx(best(arrays), abs=1e-6)


def test_scarce_room_is_filled_to_within_a_hair_of_what_is_possible() -> None:
    """Prices alone leave a gap of several percent here, since half a family fits nowhere."""
    arrays = drawn(7, 120, 50)
    plan = proven(arrays)
    certificate = plan.certificate
    assert certificate.gap <= 0.002 * abs(certificate.bound)
    assert certificate.price_bound - certificate.bound > 5 * certificate.gap


def test_a_table_that_forgets_a_row_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: only the first capacity row is looked at, so that homes run out unseen."""
    arrays = drawn(7, 30, 10)
    arrays["room"][:, 0] += 20
    monkeypatch.setattr(knapsack, "_binding", lambda _rows, _room: np.array([0]))
    problem = Problem.of(**arrays)
    found = pack(problem, charged(7, problem), np.full(30, NOWHERE))
    assert faults(arrays, found.assignment)


def test_a_program_that_fails_leaves_the_plan_and_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: SetProgram) -> None:
        raise SolverFailed("Unknown")

    problem = Problem.of(**drawn(7, 30, 10))
    nobody = np.full(30, NOWHERE)
    for program, method in ((NearProgram, "relaxed"), (SetProgram, "whole")):
        with monkeypatch.context() as patch:
            patch.setattr(program, method, fails)
            found = pack(problem, charged(7, problem), nobody)
        assert found.proven is not None
        assert found.proven >= solve(problem).certificate.objective - 1e-9
        assert faults(drawn(7, 30, 10), found.assignment) == []
