"""The points model: bounds, terms that add up, and what each term rewards."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import EducationLevel, ScoreTerm
from workflows.matching.chances import chances_of_work
from workflows.matching.facts import Adult, Market, Place, Seeker, Weights
from workflows.matching.score import PointsModel

EVEN = Weights(1, dict.fromkeys(ScoreTerm, 1))
# Two municipalities of region 1 next to each other, and one far away in region 2.
TOWN, SUBURB, FAR_TOWN = (
    Place(code="GM0001", region=1, column=0, row=0, languages=frozenset({"arabisch"})),
    Place(code="GM0002", region=1, column=1, row=0),
    Place(code="GM0003", region=2, column=30, row=0, languages=frozenset({"tigrinya"})),
)
PLACES = (TOWN, SUBURB, FAR_TOWN)
# Carpenters (71) are wanted in region 1, nurses (22) in region 2.
MARKET = Market(
    {(1, "71"): (90, 10), (2, "71"): (10, 90), (1, "22"): (20, 80), (2, "22"): (80, 20)}
)
CARPENTER = Adult(person_id=1, education=EducationLevel.VOCATIONAL, jobs=(("7115", 6),))


def only(term: ScoreTerm) -> Weights:
    """Return weights by which one term is the whole score."""
    return Weights(1, {each: int(each is term) for each in ScoreTerm})


def household(*adults: Adult, **changes: object) -> Seeker:
    made = Seeker(reference="a" * 16, persons=len(adults), adults=adults)
    return replace(made, **changes)  # type: ignore[arg-type] # any field


adults = st.builds(
    Adult,
    person_id=st.integers(1, 9),
    education=st.sampled_from(EducationLevel),
    jobs=st.lists(
        st.tuples(st.sampled_from(["7115", "2221", "9112", "0110"]), st.integers(0, 60)),
        max_size=3,
    ).map(tuple),
    languages=st.frozensets(st.sampled_from(["arabisch", "tigrinya", "dari"])),
    network=st.sampled_from([None, "GM0001", "GM0003", "GM9999"]),
)
seekers = st.builds(
    Seeker,
    reference=st.just("a" * 16),
    persons=st.integers(1, 8),
    adults=st.lists(adults, max_size=3).map(tuple),
    advised_regions=st.frozensets(st.integers(1, 3)),
    centre=st.sampled_from([None, "GM0002", "GM9999"]),
)
weights = st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(any)


@given(seekers, weights)
def test_a_score_lies_between_nothing_and_one_point_per_adult(
    seeker: Seeker, given_weights: list[int]
) -> None:
    chosen = Weights(1, dict(zip(ScoreTerm, given_weights, strict=True)))
    model = PointsModel(PLACES, MARKET, chosen)
    [scores] = model.scores([seeker])
    assert scores.min() >= 0
    assert scores.max() <= len(seeker.adults) + 1e-9
    parts = [model.points(seeker, adult) for adult in seeker.adults]
    added = np.sum([part.total for part in parts], axis=0) if parts else np.zeros(3)
    assert np.array_equal(scores, added) or np.allclose(scores, added, atol=1e-12)


@pytest.mark.parametrize(
    ("term", "adult", "seeker", "expected"),
    [
        (ScoreTerm.OCCUPATION, CARPENTER, {}, [0.9, 0.9, 0.1]),
        (ScoreTerm.OCCUPATION, replace(CARPENTER, jobs=(("2221", 1),)), {}, [0.2, 0.2, 0.8]),
        (ScoreTerm.EDUCATION, CARPENTER, {}, [0.9, 0.9, 0.1]),
        (
            ScoreTerm.EDUCATION,
            replace(CARPENTER, education=EducationLevel.MASTER),
            {},
            [0.2, 0.2, 0.8],
        ),
        (ScoreTerm.NETWORK, replace(CARPENTER, network="GM0002"), {}, [0.5, 1, 0]),
        (ScoreTerm.NETWORK, replace(CARPENTER, network="GM9999"), {}, [0, 0, 0]),
        (
            ScoreTerm.LANGUAGE,
            replace(CARPENTER, languages=frozenset({"tigrinya", "engels"})),
            {},
            [0, 0, 1],
        ),
        (ScoreTerm.ADVICE, CARPENTER, {"advised_regions": frozenset({2})}, [0, 0, 1]),
        (
            ScoreTerm.ADVICE,
            CARPENTER,
            {"advised_regions": frozenset({2}), "centre": "GM0001"},
            [0.5, 0.5, 1],
        ),
        (ScoreTerm.NEARNESS, CARPENTER, {"centre": "GM0001"}, [1, 0.95, 0]),
    ],
)
def test_a_term_rewards(
    term: ScoreTerm, adult: Adult, seeker: dict[str, object], expected: list[float]
) -> None:
    model = PointsModel(PLACES, MARKET, only(term))
    [scores] = model.scores([household(adult, **seeker)])
    assert scores == pytest.approx(expected)


def test_the_longest_job_counts_in_full_and_a_short_one_for_less() -> None:
    both = replace(CARPENTER, jobs=(("7115", 10), ("2221", 0)))
    model = PointsModel(PLACES, MARKET, only(ScoreTerm.OCCUPATION))
    [scores] = model.scores([household(both)])
    assert scores == pytest.approx([0.9, 0.9, 0.4])


def test_an_occupation_without_figures_takes_those_of_its_kind_and_then_of_all() -> None:
    model = PointsModel(PLACES, MARKET, only(ScoreTerm.OCCUPATION))
    fitter, guard = (replace(CARPENTER, jobs=((group, 1),)) for group in ("7212", "5414"))
    scores = model.scores([household(fitter), household(guard)])
    assert scores[0] == pytest.approx([0.9, 0.9, 0.1])
    assert scores[1] == pytest.approx([0.55, 0.55, 0.45])


def test_a_region_without_figures_gains_nothing() -> None:
    silent = Market({key: value for key, value in MARKET.demand.items() if key[0] == 1})
    model = PointsModel(PLACES, silent, only(ScoreTerm.OCCUPATION))
    [scores] = model.scores([household(CARPENTER)])
    assert scores == pytest.approx([0.9, 0.9, 0])


def test_whoever_was_not_screened_scores_nowhere() -> None:
    model = PointsModel(PLACES, MARKET, EVEN)
    assert model.scores([household()]).tolist() == [[0, 0, 0]]
    assert model.scores([]).shape == (0, 3)


@pytest.mark.parametrize("wrong", [{}, dict.fromkeys(ScoreTerm, 0), {ScoreTerm.ADVICE: 1}])
def test_weights_that_give_no_score_are_refused(wrong: dict[ScoreTerm, int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        Weights(1, wrong)


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="weight"):
        Weights(1, dict.fromkeys(ScoreTerm, 1) | {ScoreTerm.ADVICE: -1})


def test_what_may_not_count_is_not_there_to_be_counted() -> None:
    known = {field.name for kind in (Adult, Seeker, Place) for field in fields(kind)}
    assert known.isdisjoint({"nationality", "religion", "health", "needs", "sex", "birth_date"})


def test_ties_with_a_place_are_no_chances_of_work() -> None:
    """The planted defect is the score itself, in which they count."""
    model = PointsModel(PLACES, MARKET, EVEN)
    helped = replace(CARPENTER, languages=frozenset({"arabisch"}), network="GM0003")
    alike = [
        household(CARPENTER),
        household(helped, centre="GM0002", advised_regions=frozenset({2})),
        household(helped, CARPENTER),
    ]
    plain, *others = chances_of_work(model, alike)
    assert plain[0] > plain[2]
    for each in others:
        assert each == pytest.approx(plain)
    assert model.scores(alike[:2])[0].mean() < model.scores(alike[:2])[1].mean()
    assert chances_of_work(model, [household()]).tolist() == [[0.0, 0.0, 0.0]]


def test_a_region_without_figures_gives_a_score_that_is_a_number() -> None:
    model = PointsModel(PLACES, Market({(1, "71"): (0, 0)}), EVEN)
    scores = model.scores([household(CARPENTER)])
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
