from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.ground.matching.forecast import corrected
from tests.unit.matching.test_solve import drawn
from workflows.matching.arrays import NOWHERE
from workflows.matching.ascent import ascend
from workflows.matching.online import PriceList, evenly, holding_back, price_list
from workflows.matching.problem import Problem
from workflows.matching.sifting import sift
from workflows.matching.solve import solve


def test_the_best_net_score_with_room_is_chosen() -> None:
    known = PriceList(np.array([[0.5], [0.0], [0.0]]))
    score, use = np.array([0.9, 0.6, 0.8]), np.array([1])
    everywhere, left = np.ones(3, bool), np.array([[1], [1], [1]])
    assert known.choose(score, everywhere, use, left) == 2
    assert known.choose(score, np.array([True, True, False]), use, left) == 1
    assert known.choose(score, everywhere, use, np.array([[1], [0], [0]])) == 0
    assert known.choose(score, everywhere, np.array([2]), left) == NOWHERE


def test_room_that_is_expected_to_be_wanted_has_a_price() -> None:
    problem = Problem.of(
        np.array([[0.9, 0.2], [0.6, 0.5]]), np.ones((2, 2), bool), np.ones((2, 1)),
        np.array([[1], [5]]), np.ones(2),
    )  # fmt: skip
    busy = price_list(problem, np.array([1.0, 1.0]))
    assert 0.1 - 1e-6 <= busy.prices[0, 0] <= 0.7 + 1e-6
    assert busy.prices[1, 0] == pytest.approx(0, abs=1e-6)
    for quiet in (price_list(problem, np.zeros(2)), price_list(problem, np.array([0.4, 0.4]))):
        assert quiet.prices == pytest.approx(np.zeros((2, 1)), abs=1e-6)


def test_more_expected_arrivals_never_make_a_country_cheaper() -> None:
    problem = Problem.of(**drawn(4, 60, 8))
    few, many = (price_list(problem, np.full(60, number)) for number in (0.5, 3.0))
    room = problem.room
    assert (many.prices * room).sum() >= (few.prices * room).sum() - 1e-6
    again = price_list(problem, np.full(60, 3.0), many)
    assert (again.prices >= 0).all()


def test_a_household_that_stands_for_several_is_worth_as_many_copies() -> None:
    problem = Problem.of(**drawn(5, 20, 60))
    copies = np.repeat(np.arange(20), 4)
    several = replace(
        problem, score=problem.score[copies], eligible=problem.eligible[copies],
        use=problem.use[copies], size=problem.size[copies], loss=problem.loss[copies],
    )  # fmt: skip
    fours, ones = np.full(20, 4.0), np.ones(80)
    together_worth = sift(problem, ascend(problem, fours), fours)
    apart_worth = sift(several, ascend(several, ones), ones)
    assert together_worth.bound == pytest.approx(apart_worth.bound, rel=1e-6)
    assert together_worth.value == pytest.approx(together_worth.bound, rel=1e-6)


def test_no_room_left_needs_no_prices() -> None:
    problem = Problem.of(**drawn(4, 10, 3))
    full = replace(problem, room=np.zeros((3, 4), np.int64))
    assert not price_list(full, np.ones(10)).prices.any()


def test_prices_steer_where_a_household_goes_and_never_whether() -> None:
    batch = Problem.of(
        np.array([[0.9, 0.8], [0.9, 0.8]]), np.array([[1, 1], [1, 0]], bool), np.ones((2, 1)),
        np.array([[2], [2]]), np.ones(2),
    )  # fmt: skip
    free, dear = PriceList(np.zeros((2, 1))), PriceList(np.array([[5.0], [0.0]]))
    assert solve(holding_back(batch, free)).assignment.tolist() == [0, 0]
    assert solve(holding_back(batch, dear)).assignment.tolist() == [1, 0]


@given(drawing=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_week_keeps_within_room_and_criteria(drawing: int) -> None:
    batch = Problem.of(**drawn(drawing, 30, 5))
    known = price_list(batch, np.ones(30))
    found = solve(holding_back(batch, known)).assignment
    placed = np.flatnonzero(found != NOWHERE)
    assert batch.eligible[placed, found[placed]].all()
    left = batch.left(found)
    assert (left >= 0).all()
    alone = np.flatnonzero(found == NOWHERE)
    assert not (batch.fits(left) & batch.eligible)[alone].any()


def test_a_half_year_at_prices_beats_one_without() -> None:
    """Decided in order of arrival, households at the prices of all beat those at no price."""
    problem = Problem.of(**drawn(11, 120, 12))
    free = PriceList(np.zeros(problem.room.shape))
    known = price_list(problem, np.ones(120))
    assert _in_order(problem, known) > 1.02 * _in_order(problem, free)


def _in_order(problem: Problem, known: PriceList) -> float:
    assignment = np.full(problem.households, NOWHERE)
    for i in range(problem.households):
        left = problem.left(assignment)
        assignment[i] = known.choose(problem.score[i], problem.eligible[i], problem.use[i], left)
    return problem.objective(assignment) + float(problem.loss.sum())


def test_many_households_are_sampled_evenly() -> None:
    assert evenly(3).tolist() == [0, 1, 2]
    assert evenly(0).tolist() == []
    many = evenly(40_001)
    assert (many[0], many[-1], len(many)) == (0, 40_000, 8000)
    assert set(np.diff(many)) <= {5, 6}


def test_a_forecast_is_drawn_to_what_was_seen() -> None:
    forecast, expected = np.array([100.0, 50.0]), np.array([1000.0, 500.0])
    assert corrected(forecast, expected, expected) == pytest.approx(forecast)
    higher = corrected(forecast, expected, expected * 1.2)
    assert (higher > forecast * 1.15).all()
    assert (higher < forecast * 1.21).all()
    assert corrected(forecast, np.zeros(2), np.zeros(2)) == pytest.approx(forecast)
