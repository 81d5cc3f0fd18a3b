"""The pages of the fitted model: plain words, no percentages, and a switch for one role."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from models import ScoreModel
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.web.test_linking import proposed
from tests.world import World
from webapp.score_model_words import coefficient_words
from workflows.matching.fitted.choosing import version_in_force
from workflows.matching.fitted.features import FEATURES
from workflows.matching.fitted.keeping import content_hash
from workflows.trail import now

AsUser = Callable[[str], Visitor]
OVERVIEW = "/koppelen/model"


def group(name: str, *, unusual: bool) -> dict[str, Any]:
    return {
        "dimension": "sex",
        "group": name,
        "measurements": 40,
        "expected": 18.25,
        "found": 30,
        "unusual": unusual,
    }


def kept(world: World, version: int = 1, gain: float = 0.05, *, tested: bool = True) -> None:
    """Keep a version with a report."""
    verdict = {"log_loss": 0.61, "brier": 0.21, "auc": 0.72}
    report = {
        "from": "2017-02-01",
        "learnt": 700,
        "tested": 300,
        "households": 200,
        "rivals": dict.fromkeys(("fitted", "points"), verdict)
        | {"nothing": verdict | {"auc": None}},
        "gain": gain,
        "margin": 0.02,
        "calibration": [{"measurements": 300, "expected": 120.04, "found": 118}],
        "groups": [group("female", unusual=True), group("male", unusual=False)],
    }
    values = {
        "measurements": 1000,
        "adults": 800,
        "households": 600,
        "coefficients": {name: [-1.5 if name == "base" else 0.8, 0.3] for name in FEATURES},
    }
    with world.engine.begin() as connection:
        connection.execute(
            insert(ScoreModel).values(
                version=version,
                hash=content_hash(values),
                known_on=world.today,
                report=report if tested else None,
                fitted_at=now(connection, world.moment),
                **values,
            )
        )


@pytest.mark.parametrize("name", ["manager", "placement_officer", "functional_manager", "auditor"])
def test_the_test_is_told_in_words_without_a_percentage(
    as_user: AsUser, world: World, name: str
) -> None:
    kept(world)
    visitor = as_user(name)
    visitor.get(OVERVIEW)
    for words in ("Het puntenmodel geeft nu de score", "geen belofte van werk", f"{OVERVIEW}/1"):
        assert words in visitor.page
    assert "%" not in visitor.page.partition("<main")[2]
    visitor.get(f"{OVERVIEW}/1")
    for words in (
        "voorspelt beter dan het puntenmodel",
        "0,050",
        "120,0",
        "118",
        "Meer verschil dan toeval verklaart",
        "−1,500",
        "Vraag naar het beroep",
    ):
        assert words in visitor.page, words
    assert "%" not in visitor.page.partition("<main")[2]


@pytest.mark.parametrize(
    ("gain", "words"),
    [(0.01, "kan toeval zijn"), (-0.05, "voorspelt slechter dan het puntenmodel")],
)
def test_a_model_that_is_no_better_is_not_called_better(
    as_user: AsUser, world: World, gain: float, words: str
) -> None:
    kept(world, gain=gain)
    visitor = as_user("manager")
    visitor.get(f"{OVERVIEW}/1")
    assert words in visitor.page
    assert "voorspelt beter" not in visitor.page


def in_force(world: World) -> int | None:
    with world.engine.connect() as connection:
        return version_in_force(connection)


def test_the_functional_manager_switches_on_and_off_with_a_reason(
    as_user: AsUser, world: World
) -> None:
    kept(world)
    visitor = as_user("functional_manager")
    visitor.get(f"{OVERVIEW}/1")
    assert visitor.post(f"{OVERVIEW}/1", {"reason": " "}).status_code == 422
    assert in_force(world) is None
    assert visitor.post(f"{OVERVIEW}/1", {"reason": "Beter in de toets"}).status_code == 303
    assert in_force(world) == 1
    visitor.get(OVERVIEW)
    for words in ("Versie 1 van het geschatte model geeft nu de score", "Beter in de toets"):
        assert words in visitor.page
    assert visitor.post(OVERVIEW, {"reason": "Toch niet"}).status_code == 303
    assert in_force(world) is None
    visitor.get(OVERVIEW)
    assert visitor.post(OVERVIEW, {"reason": "Nog eens"}).status_code == 422
    assert "al in gebruik" in visitor.page


def test_a_proposal_tells_which_model_gave_its_score(
    application: Flask, as_user: AsUser, world: World
) -> None:
    kept(world)
    made = household_in("screened", world)
    manager = as_user("functional_manager")
    manager.get(f"{OVERVIEW}/1")
    manager.post(f"{OVERVIEW}/1", {"reason": "Beter in de toets"})
    visitor = as_user("placement_officer")
    proposed(application, visitor)
    visitor.get(f"/koppelen/huishoudens/{made.case}")
    for words in ("De score komt van het geschatte model, versie 1", "Overal gelijk"):
        assert words in visitor.page
    assert "Gewichten" not in visitor.page.partition("<main")[2]


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0.0, 0.0, "Kwam niet voor of was overal gelijk"),
        (0.5, 0.3, "Kan toeval zijn"),
        (-0.8, 0.3, "Meer dan toeval"),
    ],
)
def test_a_coefficient_is_judged_by_its_error(
    application: Flask, value: float, error: float, words: str
) -> None:
    with application.test_request_context():
        assert coefficient_words(value, error) == words


def test_others_have_no_switch(as_user: AsUser, world: World) -> None:
    kept(world)
    visitor = as_user("manager")
    visitor.get(f"{OVERVIEW}/1")
    assert "Inschakelen" not in visitor.page
    assert visitor.post(f"{OVERVIEW}/1", {"reason": "Ik wil het"}).status_code == 404
    assert visitor.post(OVERVIEW, {"reason": "Ik wil het"}).status_code == 404
    assert in_force(world) is None


@pytest.mark.parametrize("path", [f"{OVERVIEW}/7", f"{OVERVIEW}/0", f"{OVERVIEW}/x"])
def test_an_unknown_version_is_not_there(as_user: AsUser, path: str) -> None:
    assert as_user("manager").get(path).status_code == 404


def test_an_untested_version_cannot_be_switched_on(as_user: AsUser, world: World) -> None:
    kept(world, tested=False)
    visitor = as_user("functional_manager")
    visitor.get(f"{OVERVIEW}/1")
    assert "Niet getoetst" in visitor.page
    assert visitor.post(f"{OVERVIEW}/1", {"reason": "Toch"}).status_code == 422
    assert in_force(world) is None


@pytest.mark.parametrize("who", ["utrecht", "case_manager", "supervisor"])
def test_whoever_has_nothing_to_do_with_it_sees_no_page(as_user: AsUser, who: str) -> None:
    assert as_user(who).get(OVERVIEW).status_code == 404
