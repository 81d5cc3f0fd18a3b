"""A floor under groups: it is reached where it can be, costs what it says, and breaks nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn
from tests.unit.matching.validator import faults
from workflows.matching.arrays import Floats, Ints
from workflows.matching.fairness import Lottery
from workflows.matching.floor import Floored, with_floor
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan, solve


def persons(problem: Problem) -> Floats:
    """Return the room in persons of each municipality, for each household."""
    room = problem.room[None, :, 0].repeat(problem.households, axis=0)
    return np.asarray(room, np.float64)


def asked(seed: int, floor: float) -> tuple[Floored, Plan, Lottery, dict[str, Ints]]:
    arrays = drawn(seed, 60, 12)
    arrays["room"] = arrays["room"] + 2
    problem = Problem.of(**arrays)
    plan = solve(problem)
    lottery = Lottery(problem.score, np.isfinite(problem.value), persons(problem))
    small = np.flatnonzero(problem.size <= 2)
    groups = {"small": small, "large": np.setdiff1d(np.arange(60), small)}
    found = with_floor(problem, plan, lottery, groups, floor)
    assert faults(arrays, found.plan.assignment) == []
    certificate = found.plan.certificate
    assert certificate.objective == pytest.approx(problem.objective(found.plan.assignment))
    assert certificate.bound >= certificate.objective - 1e-9
    assert set(found.plan.unplaced) == set(np.flatnonzero(found.plan.assignment == -1).tolist())
    return found, plan, lottery, groups


@settings(max_examples=3)
@given(seed=st.integers(0, 10**6))
def test_the_worst_off_group_gets_no_less_and_the_figures_are_those_of_the_plan(
    *, seed: int
) -> None:
    found, plan, lottery, groups = asked(seed, 0.95)
    before, after = (lottery.gains(each.assignment) for each in (plan, found.plan))
    for each in found.groups:
        assert each.before == pytest.approx(before.share(groups[each.group]) or 0)
        assert each.after == pytest.approx(after.share(groups[each.group]) or 0)
    lost = plan.certificate.objective - found.plan.certificate.objective
    assert found.price == pytest.approx(max(0.0, lost) / before.got.sum())
    assert min(each.after for each in found.groups) >= min(each.before for each in found.groups)
    assert found.met == all(each.after >= 0.95 - 1e-9 for each in found.groups)
    assert found.plan.certificate.objective <= plan.certificate.bound + 1e-9


def test_a_floor_lifts_the_group_that_lags() -> None:
    found, plan, _, _ = asked(4, -9.0)
    assert (found.met, found.price) == (True, 0.0)
    assert np.array_equal(found.plan.assignment, plan.assignment)
    lowest = min(found.groups, key=lambda each: each.before)
    raised, *_ = asked(4, lowest.before + 0.02)
    [same] = [each for each in raised.groups if each.group == lowest.group]
    assert same.after > same.before
    assert same.multiplier > 0


def test_groups_of_fewer_than_ten_are_left_alone() -> None:
    problem = Problem.of(**drawn(4, 20, 6))
    plan = solve(problem)
    lottery = Lottery(problem.score, np.isfinite(problem.value), persons(problem))
    found = with_floor(problem, plan, lottery, {"few": np.arange(9)}, 1.0)
    assert (found.groups, found.met, found.price) == ((), True, 0.0)
