"""Every sentence of an explanation says the numbers that it came from."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Exclusion, ScoreTerm
from tests.reasons_oracle import numbers, wrong
from webapp.app import ROOT
from webapp.reasons import exclusions, fullness, possibilities, reasons
from webapp.run_words import certificate

PLACES = ["GM0344", "GM0312", "GM0363", "GM0014", "GM0307", "GM0048"]
NAMES = dict(
    zip(PLACES, ["Utrecht", "Bunnik", "Amsterdam", "Groningen", "Plaats 7", "Oost"], strict=True)
)
POINTS = st.integers(0, 4000).map(lambda value: value / 1000)
EXAMPLES = pytest.mark.parametrize(
    "examples", [25, pytest.param(5_000, marks=pytest.mark.full)], ids=["25", "5000"]
)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    app = Flask("sentences")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app, default_locale="nl")
    with app.app_context(), app.test_request_context():
        yield


@st.composite
def explanations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw places with their parts, choose one, and derive all else as the explainer does."""
    count = draw(st.integers(1, len(PLACES)))
    possible = [_place(draw, code) for code in PLACES[:count]]
    first = draw(st.sampled_from(possible))
    others = sorted((each for each in possible if each is not first), key=lambda one: -one["net"])
    scores = [each["score"] for each in possible]
    for each in possible:
        each["rank"] = 1 + sum(score > each["score"] for score in scores)
    excluded = draw(st.dictionaries(st.sampled_from(list(Exclusion)), st.integers(1, 3000)))
    return {
        "persons": draw(st.integers(1, 9)),
        "choices": [first, *others][:4],
        "best_by_score": max(possible, key=lambda one: one["score"]),
        "regret": max(max(each["net"] for each in possible) - first["net"], 0),
        "possible": count,
        "excluded": {str(reason): number for reason, number in excluded.items()},
        "criteria": [],
        "adults": draw(st.sampled_from([[], [{"person_id": 1, "score": first["score"]}]])),
        "all_scores": scores,
    }


def _place(draw: st.DrawFn, code: str) -> dict[str, Any]:
    terms = {str(term): draw(POINTS) for term in ScoreTerm}
    score = sum(terms.values())
    levelling, scarcity = draw(POINTS), draw(POINTS)
    return {
        "municipality": code,
        "terms": terms,
        "score": score,
        "levelling": levelling,
        "scarcity": scarcity,
        "net": score - levelling - scarcity,
        "room": draw(st.integers(1, 20_000)),
        "left": draw(st.integers(0, 20_000)),
    }


def told(explanation: dict[str, Any]) -> list[Any]:
    return [
        *reasons(explanation, NAMES),
        possibilities(explanation),
        *exclusions(explanation),
    ]


@EXAMPLES
def test_sentences_say_what_the_numbers_say(examples: int) -> None:
    @settings(max_examples=examples)
    @given(explanations())
    def check(explanation: dict[str, Any]) -> None:
        for language, point in (("nl", ","), ("en", ".")):
            with force_locale(language):
                assert wrong(told(explanation), explanation, NAMES, point=point) == []

    check()


@settings(max_examples=25)
@given(explanations(), st.data())
def test_a_wrong_number_is_caught(explanation: dict[str, Any], data: st.DataObject) -> None:
    sentences = [each for each in told(explanation) if numbers(each.text, NAMES)]
    picked = data.draw(st.sampled_from(sentences))
    text = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), picked.text)
    planted = type(picked)(picked.kind, text)
    name_changed = any(char.isdigit() for char in text.split("Plaats ")[-1][:1]) and (
        text.endswith(("Plaats 8.", "Plaats 8"))
    )
    assert name_changed or wrong([planted], explanation, NAMES)


@given(explanations())
@settings(max_examples=25)
def test_no_sentence_gives_a_percentage(explanation: dict[str, Any]) -> None:
    assert not [each.text for each in told(explanation) if "%" in each.text]


@given(POINTS, POINTS)
@settings(max_examples=25)
def test_a_certificate_never_promises_more_than_was_proven(value: float, gap: float) -> None:
    result = {"optimal": False, "objective": value + 0.1, "bound": value + 0.1 + gap, "gap": gap}
    said = certificate(result)
    [share] = numbers(said.text, {})
    assert share / 100 <= result["objective"] / result["bound"] + 1e-9
    assert share / 100 > result["objective"] / result["bound"] - 0.0011


def test_a_certificate_says_that_room_was_held_back() -> None:
    kept = {"optimal": False, "objective": 90.0, "bound": 90.5, "gap": 0.5}
    said = certificate(kept | {"priced_on": "2017-01-30"})
    assert said.kind == "gap"
    assert "0,5" in said.text
    small = certificate(kept | {"gap": 0.0003, "priced_on": "2017-01-30"})
    assert "0,001" in small.text
    assert "wie nog komt" in said.text
    assert "wie nog komt" in certificate({"optimal": True, "priced_on": "2017-01-30"}).text
    assert "wie nog komt" not in certificate(kept | {"priced_on": None}).text


def test_a_certificate_of_a_plan_below_zero_speaks_of_points() -> None:
    said = certificate({"optimal": False, "objective": -2.0, "bound": -1.5, "gap": 0.5})
    assert numbers(said.text, {}) == [0.5]
    close = certificate({"optimal": False, "objective": -2.0, "bound": -1.9997, "gap": 0.0003})
    assert numbers(close.text, {}) == [0.001]
    assert "Geen ander plan" in certificate({"optimal": True}).text


@pytest.mark.parametrize(
    ("left", "scarcity", "words"),
    [
        (0, 0.0, "vol met dit plan"),
        (1, 0.0, "te vol voor dit huishouden met dit plan"),
        (5, 0.0, "ruim plaats"),
        (5, 0.1, "wordt schaars"),
        (5, 0.2, "veel gevraagd"),
    ],
)
def test_scarcity_in_words_is_per_person(left: int, scarcity: float, words: str) -> None:
    assert fullness({"left": left, "scarcity": scarcity}, 2, chosen=False) == words


def test_the_room_that_is_left_in_the_chosen_place_is_left_beside_the_household() -> None:
    assert fullness({"left": 1, "scarcity": 0.0}, 2, chosen=True) == "ruim plaats"


@pytest.mark.parametrize(
    ("levelling", "scarcity", "kind"),
    [(0.3, 0.001, "best_level"), (0.001, 0.3, "best_scarce"), (0.0, 0.0, None)],
)
def test_the_reason_not_to_take_the_highest_score_is_what_weighs_most(
    levelling: float, scarcity: float, kind: str | None
) -> None:
    terms = dict.fromkeys(map(str, ScoreTerm), 0.1)
    first = {
        "municipality": "GM0307", "terms": terms, "score": 0.8, "levelling": 0.0,
        "scarcity": 0.0, "net": 0.8, "room": 9, "left": 9, "rank": 2,
    }  # fmt: skip
    best = first | {
        "municipality": "GM0312", "score": 0.9, "levelling": levelling, "scarcity": scarcity,
        "net": 0.9 - levelling - scarcity, "rank": 1,
    }  # fmt: skip
    explanation = {
        "placed": True, "persons": 1, "choices": [first, best], "best_by_score": best,
        "possible": 2, "excluded": {}, "regret": 0.0, "criteria": [], "adults": [],
        "weights_version": 1, "fitted": None,
    }  # fmt: skip
    said = {each.kind for each in reasons(explanation, NAMES)} & {"best_level", "best_scarce"}
    assert said == ({kind} if kind else set())
