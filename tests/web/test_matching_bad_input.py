"""What cannot be reckoned is answered in words, and nothing is half saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from models import MatchingRun, Municipality, Proposal
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.web.test_linking import OFFICER, proposed, started
from tests.world import TINY, World
from webapp.jobs import matching as matching_job
from webapp.jobs.matching import run_matching
from workflows.matching import propose
from workflows.matching.linear import SolverFailed
from workflows.matching.propose import SCORED, Answer, Input, answer
from workflows.matching.scene import scene_on
from workflows.matching.score import PointsModel

AsUser = Callable[[str], Visitor]


def saved(world: World) -> list[str]:
    """Return the proposals there are, as nobody should have written any."""
    with world.engine.connect() as connection:
        return list(connection.scalars(select(Proposal.reference)))


def test_scores_that_are_no_numbers_are_told(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    household_in("screened", world)
    monkeypatch.setattr(
        PointsModel,
        "scores",
        lambda model, seekers: np.full((len(seekers), len(model.places)), np.nan),
    )
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert "is geen score te berekenen. Er is niets voorgesteld." in officer.page
    assert saved(world) == []


def test_a_solver_without_an_answer_is_told(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise SolverFailed("Unknown")

    household_in("screened", world)
    monkeypatch.setattr(propose, "solve", fails)
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert "eindigde zonder antwoord. Er is niets voorgesteld." in officer.page
    assert saved(world) == []


def test_a_run_stops_in_the_middle_of_the_solver(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    address = started(officer, all="1")
    told: list[int] = []

    def stopped(given: Input, progress: Callable[[int], None]) -> Answer:
        def tell(percent: int) -> None:
            told.append(percent)
            if told.count(SCORED) == 3:
                officer.post(address + "/stoppen")
            progress(percent)

        return answer(given, tell)

    monkeypatch.setattr(matching_job, "answer", stopped)
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    assert told.count(SCORED) == 3
    assert set(told) == {SCORED}
    with world.engine.connect() as connection:
        assert connection.scalar(select(MatchingRun.status)) == "cancelled"
    assert saved(world) == []


def test_no_room_anywhere_and_a_household_larger_than_any_home_are_told(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    household_in("screened", world)
    household_in("screened", world, household(2, 4))

    def without_room(*given: Any, **more: Any) -> Any:
        scene = scene_on(*given, **more)
        rooms = {code: replace(room, obliged=0) for code, room in scene.rooms.items()}
        return replace(scene, rooms=rooms)

    monkeypatch.setattr(propose, "scene_on", without_room)
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert "Geen gemeente die past, heeft nog zoveel plaatsen of zo" in officer.page
    assert "2 huishoudens" in officer.page
    assert "De harde criteria laten geen gemeente over" not in officer.page
    assert saved(world) == []


def test_a_municipality_has_a_region(world: World) -> None:
    with (
        pytest.raises(IntegrityError, match="region_number"),
        world.database.engine(owner=True) as owner,
        owner.begin() as connection,
    ):
        connection.execute(
            update(Municipality).where(Municipality.code == TINY).values(region_number=None)
        )
