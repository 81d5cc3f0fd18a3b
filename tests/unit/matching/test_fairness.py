"""The report on fairness: captured shares against enumeration, merging and sorting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.matching.arrays import NOWHERE
from workflows.matching.fairness import (
    MERGED,
    SORTING_ALARM,
    Gains,
    GroupShare,
    Rows,
    evenness,
    group_shares,
    sorting,
    tertiles,
    worst,
)


def rows_of(score: np.ndarray, chosen: np.ndarray, room: np.ndarray | None = None) -> Rows:
    """Return a row per household for which every municipality is possible."""
    tickets = np.ones(score.shape) if room is None else np.broadcast_to(room, score.shape)
    gains = Gains.of(score, np.ones(score.shape, bool), tickets, chosen)
    return Rows(gains, np.arange(len(score)), np.zeros(len(score), np.int64))


@given(st.integers(0, 2**32 - 1))
def test_a_share_is_what_an_enumeration_gives(seed: int) -> None:
    random = np.random.default_rng(seed)
    score, room = random.random((12, 4)), random.integers(0, 5, (12, 4)).astype(float)
    possible = (random.random((12, 4)) < 0.7) & (room > 0)
    chosen = np.array([
        NOWHERE if not row.any() or random.random() < 0.2 else random.choice(np.flatnonzero(row))
        for row in possible
    ])  # fmt: skip
    gains = Gains.of(score, possible, room, chosen)
    got = lottery = best = 0.0
    for i in np.flatnonzero(gains.measured):
        places = np.flatnonzero(possible[i])
        got += 0.0 if chosen[i] == NOWHERE else score[i, chosen[i]]
        lottery += sum(score[i, j] * room[i, j] for j in places) / sum(room[i, j] for j in places)
        best += max(score[i, j] for j in places)
    assert list(gains.measured) == [bool(row.any()) for row in possible]
    share = gains.share(np.flatnonzero(gains.measured))
    if best - lottery > 1e-6:
        assert share == pytest.approx((got - lottery) / (best - lottery))
        assert share is not None
        assert share <= 1 + 1e-9


def test_everybody_at_their_best_captures_all_and_a_lottery_captures_nothing() -> None:
    score = np.tile([0.2, 0.8], (20, 1))
    everyone = np.arange(20)
    assert rows_of(score, np.ones(20, np.int64)).gains.share(everyone) == pytest.approx(1)
    half = np.arange(20) % 2
    assert rows_of(score, half).gains.share(everyone) == pytest.approx(0)
    assert rows_of(score, half).gains.below_lottery(everyone) == pytest.approx(0.5)
    assert rows_of(np.ones((20, 2)), half).gains.share(everyone) is None


def test_the_group_that_a_plan_wrongs_is_the_worst() -> None:
    score = np.tile([0.2, 0.8], (40, 1))
    chosen = np.array([1] * 20 + [0] * 20)
    rows = rows_of(score, chosen)
    found = group_shares("sex", rows, {"male": list(range(20)), "female": list(range(20, 40))})
    assert [each.group for each in found] == ["female", "male"]
    assert [each.share for each in found] == pytest.approx([-1, 1])
    lowest = worst(found)
    assert lowest is not None
    assert lowest.group == "female"
    assert evenness(found) == {"sex": pytest.approx(-1)}


def test_no_group_of_fewer_than_ten_households_is_told() -> None:
    rows = rows_of(np.tile([0.2, 0.8], (30, 1)), np.ones(30, np.int64))
    groups = {"a": list(range(12)), "b": list(range(12, 21)), "c": list(range(21, 30))}
    found = {each.group: each.households for each in group_shares("language", rows, groups)}
    assert found == {"a": 12, MERGED: 18}
    alone = group_shares("language", rows, {"a": list(range(12)), "b": list(range(12, 21))})
    assert [each.group for each in alone] == ["a"]


def test_adults_of_one_household_are_one_household() -> None:
    gains = rows_of(np.tile([0.2, 0.8], (20, 1)), np.ones(20, np.int64)).gains
    rows = Rows(gains, np.arange(20) // 2, np.zeros(20, np.int64))
    [found] = group_shares("sex", rows, {"male": list(range(20))})
    assert found.households == 10
    assert group_shares("sex", rows, {"male": list(range(18))}) == []


def test_without_groups_there_is_no_worst() -> None:
    lone = GroupShare(
        dimension="sex", group="male", households=10, share=None, below=0, days_waited=0
    )
    assert worst([]) is None
    assert worst([lone]) is None
    assert evenness([lone]) == {}


def test_sorting_weak_households_into_weak_municipalities_raises_the_alarm() -> None:
    """The planted defect: the better a household's chances, the better its municipality."""
    chances, pull = np.linspace(0.1, 0.5, 50), np.linspace(0.0, 0.4, 50)
    per_adult = chances[:, None] + pull[None]
    sorted_plan = np.arange(50)
    assert sorting(per_adult, sorted_plan) == pytest.approx(1)
    assert sorting(per_adult, sorted_plan[::-1]) == pytest.approx(-1)
    evenly = sorting(per_adult, np.where(sorted_plan % 2, sorted_plan // 2, 49 - sorted_plan // 2))
    assert evenly is not None
    assert abs(evenly) < SORTING_ALARM
    assert sorting(per_adult, np.zeros(50, np.int64)) is None
    assert sorting(per_adult[:5], sorted_plan[:5]) is None


@given(st.lists(st.integers(0, 9), max_size=40))
def test_thirds_are_in_order_and_equals_are_together(values: list[int]) -> None:
    thirds = tertiles(np.array(values, dtype=np.float64))
    for one, third in zip(values, thirds, strict=True):
        for other, other_third in zip(values, thirds, strict=True):
            assert (third <= other_third) if one <= other else (third >= other_third)
