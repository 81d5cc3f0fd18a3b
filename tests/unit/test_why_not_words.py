"""Every sentence on why not another municipality says the numbers that it came from."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Exclusion, SupplyKind
from tests.reasons_oracle import numbers
from webapp.app import ROOT
from webapp.reasons import Sentence
from webapp.why_not_words import sentences
from workflows.matching.counterfactual import Verdict, Way

# A name with a number, which is no number of the answer.
PLACE, CHOSEN = "Plaats 7", "Bunnik"
NAMES = {"GM0307": PLACE, "GM0312": CHOSEN}
POINTS = st.integers(1, 4000).map(lambda value: value / 1000)
DWELLINGS = st.dictionaries(
    st.sampled_from([each.value for each in SupplyKind]), st.integers(1, 30), max_size=2
)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    app = Flask("sentences")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app, default_locale="nl")
    with app.app_context(), app.test_request_context():
        yield


def change(way: Way, amount: float, dwellings: dict[str, int] | None = None) -> dict[str, Any]:
    return {"way": way.value, "amount": amount, "at_least": 0.0, "dwellings": dwellings or {}}


def answer(*changes: dict[str, Any], cost: float | None = None, **told: Any) -> dict[str, Any]:
    verdict = Verdict.CHANGES if changes else Verdict.NO_CHANGE_FOUND
    return {"verdict": verdict.value, "excluded": None, "cost": cost, "changes": changes, **told}


def found(told: dict[str, Any], chosen: str | None = CHOSEN) -> dict[str, Sentence]:
    return {each.kind: each for each in sentences(told, PLACE, chosen)}


@pytest.mark.parametrize(("language", "point"), [("nl", ","), ("en", ".")])
@given(score=POINTS, price=POINTS, cost=POINTS, persons=st.integers(1, 400), dwellings=DWELLINGS)
def test_the_numbers_are_those_of_the_answer(  # noqa: PLR0913 - one for each number
    *,
    language: str,
    point: str,
    score: float,
    price: float,
    cost: float,
    persons: int,
    dwellings: dict[str, int],
) -> None:
    told = answer(
        change(Way.SCORE, score),
        change(Way.ROOM, persons, dwellings),
        change(Way.PRICE, price),
        cost=cost,
    )
    with force_locale(language):
        said = found(told)
    read = {kind: numbers(each.text, NAMES, point=point) for kind, each in said.items()}
    assert read["score"] == [score]
    assert sorted(read["room"]) == sorted([persons, *dwellings.values()])
    assert read["price"] == [price]
    assert read["cost"] == [cost]
    assert all(PLACE in said[kind].text for kind in ("score", "price", "cost"))
    assert CHOSEN in said["now"].text


def test_what_is_too_little_for_three_decimals_has_no_number() -> None:
    said = found(answer(change(Way.SCORE, 0.00001), change(Way.PRICE, 0.00001), cost=0.0))
    assert numbers(said["score"].text, NAMES) == numbers(said["price"].text, NAMES) == []
    assert "verliest het hele plan niets" in said["cost"].text


@pytest.mark.parametrize("reason", list(Exclusion))
def test_what_no_change_can_do_names_the_reason(reason: Exclusion) -> None:
    told = answer(verdict=Verdict.NOT_ELIGIBLE.value, excluded=reason.value)
    assert set(found(told)) == {"now", "shut"}
    assert set(found(told, None)) == {"nowhere", "shut"}


def test_the_choice_itself_and_no_answer_are_said() -> None:
    assert set(found(answer(verdict=Verdict.CHOSEN.value))) == {"chosen"}
    assert set(found(answer())) == {"now", "nothing"}
