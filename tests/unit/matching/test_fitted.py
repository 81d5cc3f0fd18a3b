"""The fitted model: its optimum, its measures of quality, and scores that add up."""

from collections.abc import Mapping
from dataclasses import fields
from itertools import product
from math import log
from typing import get_type_hints

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.vocabulary import EducationLevel, ScoreTerm
from tests.unit.test_score import EVEN, MARKET, PLACES, household, seekers
from workflows.matching.arrays import Floats
from workflows.matching.facts import Adult, Seeker
from workflows.matching.fitted.features import FEATURES, LAST, RIDGE, features, of_adult
from workflows.matching.fitted.judging import auc, calibration, judged, mean_with_margin
from workflows.matching.fitted.logistic import chances, estimate, logistic
from workflows.matching.fitted.model import Fitted, FittedModel
from workflows.matching.score import PointsModel

coefficients = st.lists(st.floats(-4, 4), min_size=len(FEATURES), max_size=len(FEATURES)).map(
    lambda values: dict(zip(FEATURES, values, strict=True))
)


def drawn(seed: int, size: int, law: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Return features and the outcomes that a law gives."""
    random = np.random.default_rng(seed)
    design = random.random((size, len(FEATURES)))
    design[:, 0] = 1.0
    values = np.array([law.get(name, 0.0) for name in FEATURES])
    return design, (random.random(size) < chances(design, values)).astype(np.float64)


def gradient(design: Floats, outcome: Floats, ridge: Floats, coefficients: Floats) -> Floats:
    """Return the slope of the loss: the surplus of chance over outcome, and the ridge."""
    surplus = chances(design, coefficients) - outcome
    found: Floats = design.T @ surplus + ridge * coefficients
    return found


@given(st.integers(0, 10_000), st.integers(2, 60))
def test_the_optimum_is_where_the_loss_is_flat(seed: int, size: int) -> None:
    design, outcome = drawn(seed, size, {"occupation": 3.0})
    assume(len(np.unique(outcome)) > 1)
    found = estimate(design, outcome, RIDGE, np.arange(size))
    slope = gradient(design, outcome, RIDGE, found.coefficients)
    assert np.abs(slope).max() <= 1e-7 * size
    assert np.isfinite(found.errors).all()


def test_a_table_of_two_by_two_gives_its_log_odds() -> None:
    # 30 of 40 against 12 of 60: log(30/10) and log(12/48) apart.
    design = np.array([(1.0, 1.0)] * 40 + [(1.0, 0.0)] * 60)
    outcome = np.array([1.0] * 30 + [0.0] * 10 + [1.0] * 12 + [0.0] * 48)
    found = estimate(design, outcome, np.full(2, 1e-9), np.arange(100))
    assert found.coefficients == pytest.approx([log(12 / 48), log(3) - log(12 / 48)], abs=1e-6)
    # The error of a log-odds ratio (Woolf): the root of the sum of the inverse counts.
    assert found.errors[1] == pytest.approx((1 / 30 + 1 / 10 + 1 / 12 + 1 / 48) ** 0.5, abs=1e-6)


def test_rows_that_say_the_same_twice_are_not_believed_twice() -> None:
    design, outcome = drawn(1, 400, {"occupation": 2.0})
    once = estimate(design, outcome, np.full(len(FEATURES), 1e-6), np.arange(400))
    twice = estimate(
        np.repeat(design, 2, axis=0),
        np.repeat(outcome, 2),
        np.full(len(FEATURES), 2e-6),
        np.repeat(np.arange(400), 2),
    )
    assert twice.errors == pytest.approx(once.errors, rel=1e-6)


@pytest.mark.parametrize("outcome", [np.ones(50), np.zeros(50)], ids=["all", "none"])
def test_from_outcomes_all_alike_nothing_is_learnt(outcome: Floats) -> None:
    design, _ = drawn(3, 50, {})
    with pytest.raises(ArithmeticError):
        estimate(design, outcome, RIDGE, np.arange(50))


def test_a_law_is_found_again_and_none_where_there_is_none() -> None:
    law = {"base": -1.0, "occupation": 2.0, "language": 1.0}
    design, outcome = drawn(5, 6_000, law)
    coin = np.random.default_rng(6).permutation(outcome)
    for given_outcome, planted in ((outcome, True), (coin, False)):
        found = estimate(design, given_outcome, RIDGE, np.arange(6_000))
        value = dict(zip(FEATURES, found.coefficients, strict=True))
        error = dict(zip(FEATURES, found.errors, strict=True))
        near = all(abs(value[name] - law.get(name, 0)) < 4 * error[name] for name in FEATURES)
        assert near == planted


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30),
)
def test_auc_counts_the_pairs_that_are_ranked_rightly(rows: list[tuple[bool, int]]) -> None:
    outcome = np.array([float(positive) for positive, _ in rows])
    value = np.array([float(score) for _, score in rows])
    pairs = list(product(value[outcome > 0], value[outcome == 0]))
    if not pairs:
        assert auc(outcome, value) is None
        return
    right = sum((one > other) + 0.5 * (one == other) for one, other in pairs)
    assert auc(outcome, value) == pytest.approx(right / len(pairs))


def test_a_verdict_by_hand() -> None:
    found = judged(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.8, 0.4, 0.5, 0.5]))
    assert found.log_loss == pytest.approx(-(log(0.8) + log(0.6) + 2 * log(0.5)) / 4)
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.25 + 0.25) / 4)
    assert found.auc == pytest.approx(3.5 / 4)


@given(st.integers(0, 1_000), st.integers(0, 130))
def test_calibration_counts_every_measurement_once(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    chance, outcome = random.random(size), (random.random(size) < 0.5).astype(np.float64)
    parts = calibration(outcome, chance)
    if size < 10:
        assert parts == []
        return
    assert sum(each["measurements"] for each in parts) == size
    assert sum(each["found"] for each in parts) == int(outcome.sum())
    assert sum(each["expected"] for each in parts) == pytest.approx(chance.sum())
    assert min(each["measurements"] for each in parts) >= 10
    means = [each["expected"] / each["measurements"] for each in parts]
    assert means == sorted(means)


def test_a_margin_knows_that_a_household_speaks_once() -> None:
    values = np.array([1.0, 1.0, 3.0, 3.0])
    apart = mean_with_margin(values, np.arange(4))
    together = mean_with_margin(values, np.array([1, 1, 2, 2]))
    assert apart == pytest.approx((2.0, 1.96 * 2 / 4))
    assert together == pytest.approx((2.0, 1.96 * 8**0.5 / 4))


@given(seekers, coefficients)
def test_base_and_terms_add_up_to_the_logistic_score(
    seeker: Seeker, values: dict[str, float]
) -> None:
    points = PointsModel(PLACES, MARKET, EVEN)
    model = FittedModel(points, Fitted(1, "f" * 64, 10, values))
    [scores] = model.scores([seeker])
    expected = np.zeros(len(PLACES))
    for adult in seeker.adults:
        measures = points.measures(seeker, adult)
        found = model.points(seeker, adult)
        rows = [
            features(adult, LAST, {term: measures[term][place] for term in ScoreTerm})
            for place in range(len(PLACES))
        ]
        chance = chances(np.array(rows), np.array([values[name] for name in FEATURES]))
        assert found.total == pytest.approx(chance, abs=1e-9)
        assert 0 <= found.base <= 1
        for term in ScoreTerm:
            # A term moves the score the way its coefficient points, and never further than its
            # own way on the steepest slope.
            moved = found.terms[term] * np.sign(values[term])
            assert (moved >= -1e-12).all()
            assert (moved <= abs(values[term]) * measures[term] / 4 + 1e-9).all()
        expected += chance
    assert scores == pytest.approx(expected, abs=1e-9)


def test_without_any_way_to_go_nobody_is_divided_by_nothing() -> None:
    model = FittedModel(
        PointsModel(PLACES, MARKET, EVEN), Fitted(1, "f" * 64, 10, dict.fromkeys(FEATURES, 0.0))
    )
    adult = Adult(person_id=1, education=EducationLevel.NONE)
    assert model.scores([household(adult)]).tolist() == [[0.5, 0.5, 0.5]]
    assert logistic(np.array([-1e3, 0.0, 1e3])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("change", [{"nationality": 1.0}, None])
def test_coefficients_of_anything_else_are_refused(change: dict[str, float] | None) -> None:
    known = dict.fromkeys(FEATURES, 0.0)
    wrong = known | change if change else {"base": 0.0}
    with pytest.raises(ValueError, match="coefficient"):
        Fitted(1, "f" * 64, 10, wrong)


def test_what_may_not_count_cannot_be_learnt() -> None:
    hints = [get_type_hints(each) for each in (features, of_adult)]
    taken = {hint for each in hints for name, hint in each.items() if name != "return"}
    assert taken == {Adult, int, Mapping[ScoreTerm, float]}
    known = {each.name for each in fields(Adult)}
    assert known == {"person_id", "education", "jobs", "languages", "network"}
    terms = {term.value for term in ScoreTerm}
    start = {"base", "months_12", "months_24", "own_education", "own_experience"}
    assert set(FEATURES) == terms | start
