"""What would make a municipality the choice: confirmed by solving again, and no less would do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn
from tests.unit.matching.validator import best, faults
from workflows.matching.counterfactual import Counterfactual, Verdict, Way, counterfactual
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.solve import solve

Given = dict[str, Any]


def asked(arrays: Given, household: int, place: int) -> Counterfactual:
    problem = Problem.of(**arrays)
    return counterfactual(problem, solve(problem), household, place)


def chosen(arrays: Given, household: int) -> int:
    return int(solve(Problem.of(**arrays)).assignment[household])


def with_score(arrays: Given, household: int, place: int, amount: float) -> Given:
    score = arrays["score"].copy()
    score[household, place] += amount
    return {**arrays, "score": score}


def with_room(arrays: Given, place: int, added: Any) -> Given:
    room = arrays["room"].copy()
    room[place] += added
    return {**arrays, "room": room}


def with_less_scarce_room(arrays: Given, household: int, place: int, amount: float) -> Given:
    """Return the arrays in which room there, as the plan prices it, is worth less to others."""
    price = solve(Problem.of(**arrays)).prices[place]
    use = arrays["use"] if arrays["use"].ndim == 2 else arrays["use"][:, place]
    lost = use @ price * amount / (use[household] @ price)
    assert amount <= use[household] @ price + 1e-9
    lost[household] = 0
    score = arrays["score"].copy()
    score[:, place] -= lost
    return {**arrays, "score": score}


def check(arrays: Given, household: int, place: int) -> None:
    """Check each change by solving again from the arrays, apart from what it says of itself."""
    found = asked(arrays, household, place)
    if found.verdict is Verdict.CHOSEN:
        assert chosen(arrays, household) == place
    if found.verdict is Verdict.NOT_ELIGIBLE:
        assert not arrays["eligible"][household, place]
    assert bool(found.changes) == (found.verdict is Verdict.CHANGES)
    for change in found.changes:
        if change.way is Way.SCORE:
            changed = with_score(arrays, household, place, change.amount)
            assert change.amount >= change.at_least - 1e-9
        elif change.way is Way.ROOM:
            changed = with_room(arrays, place, np.array(change.room))
            assert max(change.room) == change.amount
        else:
            changed = with_less_scarce_room(arrays, household, place, change.amount)
            assert change.amount >= change.at_least - 1e-9
        assert float(f"{change.amount:.3f}") == change.amount, "the page tells another number"
        assert chosen(changed, household) == place
        assert faults(changed, change.plan.assignment) == []


@settings(max_examples=6)
@given(
    seed=st.integers(0, 10**6),
    households=st.integers(1, 14),
    places=st.integers(2, 5),
    by_place=st.booleans(),
)
def test_each_change_makes_the_municipality_the_choice(
    *, seed: int, households: int, places: int, by_place: bool
) -> None:
    check(drawn(seed, households, places, by_place=by_place), seed % households, seed % places)


@pytest.mark.full
@settings(max_examples=150)
@given(
    seed=st.integers(0, 10**9),
    households=st.integers(1, 40),
    places=st.integers(2, 10),
    by_place=st.booleans(),
)
def test_many_random_changes_hold(
    *, seed: int, households: int, places: int, by_place: bool
) -> None:
    check(drawn(seed, households, places, by_place=by_place), seed % households, seed % places)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), households=st.integers(1, 5), places=st.integers(2, 3))
def test_no_lower_score_would_do_by_enumeration(*, seed: int, households: int, places: int) -> None:
    arrays = drawn(seed, households, places)
    household, place = seed % households, seed % places
    for change in asked(arrays, household, place).changes:
        if change.way is not Way.SCORE:
            continue
        elsewhere = {**arrays, "eligible": arrays["eligible"].copy()}
        elsewhere["eligible"][household, place] = False
        lower = with_score(arrays, household, place, change.amount - 1.1e-3)
        if change.amount > 1.1e-3:
            assert best(lower) == pytest.approx(best(elsewhere), abs=1e-6)
        assert change.amount - change.at_least < 1e-3 + 1e-4


def full_town() -> Given:
    """Two singles who want the one place in the first town; the second gains more by it."""
    return {
        "score": np.array([[0.8, 0.3], [0.9, 0.2]]),
        "eligible": np.ones((2, 2), bool),
        "use": np.array([[1], [1]]),
        "room": np.array([[1], [2]]),
        "size": np.array([1, 1]),
    }


def test_a_full_town_takes_a_higher_score_or_one_place_more() -> None:
    found = asked(full_town(), 0, 0)
    assert found.verdict is Verdict.CHANGES
    assert found.cost == pytest.approx(0.2)
    changes = {change.way: change for change in found.changes}
    assert changes[Way.SCORE].amount == pytest.approx(0.2, abs=1.1e-3)
    assert changes[Way.SCORE].at_least == pytest.approx(0.2, abs=1e-4)
    assert (changes[Way.ROOM].amount, changes[Way.ROOM].room) == (1, (1,))


def contested_town() -> Given:
    """Three singles who want the one place in the first town; it costs what the second loses."""
    return {
        "score": np.array([[0.6, 0.3], [0.9, 0.2], [0.8, 0.2]]),
        "eligible": np.ones((3, 2), bool),
        "use": np.array([[1], [1], [1]]),
        "room": np.array([[1], [3]]),
        "size": np.array([1, 1, 1]),
    }


def test_less_scarce_room_makes_the_town_the_choice_and_no_less_would_do() -> None:
    """The place is worth .6 to .7 to the others and .3 to the first."""
    problem = Problem.of(**contested_town())
    plan = solve(problem)
    paid = float(plan.prices[0, 0])
    found = counterfactual(problem, plan, 0, 0, ways={Way.PRICE})
    [change] = found.changes
    regret, _ = regrets(problem, plan.prices)
    assert change.at_least == pytest.approx(float(regret[0, 0]))
    assert change.at_least <= change.amount <= paid
    check(contested_town(), 0, 0)
    least = 0.7 - 0.3
    assert change.amount == pytest.approx(least, abs=(paid - change.at_least) / 2**4 + 1.1e-3)
    assert chosen(with_less_scarce_room(contested_town(), 0, 0, least - 2e-3), 0) != 0


def test_room_that_costs_nothing_cannot_be_less_scarce() -> None:
    arrays = contested_town()
    arrays["room"] = np.array([[1], [3]])
    arrays["use"], arrays["size"] = np.array([[2], [1], [1]]), np.array([2, 1, 1])
    assert [each.way for each in asked(arrays, 0, 0).changes] == [Way.ROOM]


def test_a_household_larger_than_the_town_lacks_room_only() -> None:
    arrays = full_town()
    arrays["use"], arrays["size"] = np.array([[3], [1]]), np.array([3, 1])
    found = asked(arrays, 0, 0)
    assert [change.way for change in found.changes] == [Way.ROOM]
    assert found.cost is None
    [change] = found.changes
    assert chosen(with_room(arrays, 0, np.array(change.room) - 1), 0) != 0


def test_neither_score_nor_room_sets_a_hard_criterion_aside() -> None:
    arrays = full_town()
    arrays["eligible"][0, 0] = False
    found = asked(arrays, 0, 0)
    assert (found.verdict, found.changes) == (Verdict.NOT_ELIGIBLE, ())


def test_the_choice_itself_needs_no_change() -> None:
    found = asked(full_town(), 1, 0)
    assert (found.verdict, found.changes, found.cost) == (Verdict.CHOSEN, (), None)


def test_only_the_ways_that_are_asked_and_it_can_be_stopped() -> None:
    problem = Problem.of(**full_town())
    plan = solve(problem)
    found = counterfactual(problem, plan, 0, 0, ways={Way.ROOM})
    assert [change.way for change in found.changes] == [Way.ROOM]

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        counterfactual(problem, plan, 0, 0, told=stop)


@pytest.mark.parametrize("way", list(Way))
def test_a_planted_fault_is_caught(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """Half of what is needed does not pass for enough, whatever changes."""
    found = asked(contested_town(), 0, 0)
    [change] = [each for each in found.changes if each.way is way]
    half = 0.0 if way is Way.ROOM else change.amount / 2
    short = replace(change, amount=half, at_least=0.0, room=tuple(0 for _ in change.room))
    monkeypatch.setattr(f"{__name__}.asked", lambda *_: replace(found, changes=(short,)))
    with pytest.raises(AssertionError):
        check(contested_town(), 0, 0)


def test_a_price_that_net_scores_alone_confirm_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A solution that still puts the household elsewhere takes the change away."""
    problem = Problem.of(**contested_town())
    plan = solve(problem)
    monkeypatch.setattr("workflows.matching.counterfactual.solve", lambda _: plan)
    assert counterfactual(problem, plan, 0, 0, ways={Way.PRICE}).changes == ()
