"""A floor under sizes of household is a weight: it holds for each run, and its price is told."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from models import MatchingRun
from models.vocabulary import ScoreTerm
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.web.test_linking import OFFICER, proposed
from tests.web.test_what_if import reckoned, sent
from tests.web.test_why_not import asked
from tests.world import UTRECHT, World

AsUser = Callable[[str], Visitor]
WEIGHTS = "/beheer/koppelgegevens/gewichten"
PRICE = "De ondergrens kost 0,00% van de score van het plan."


def kept(visitor: Visitor, world: World, floor: str) -> int:
    """Keep a version of the weights with a floor from today on; return the status."""
    terms = {f"{term}_weight": "10" for term in ScoreTerm}
    rest = {"balance": "100", "valid_from": world.today.isoformat(), "reason": "Klein en groot"}
    return visitor.post(WEIGHTS, {**terms, **rest, "floor": floor}).status_code


def floors(world: World) -> list[float | None]:
    """Return the floor that each run met, the newest last; None for no floor."""
    with world.engine.connect() as connection:
        results = connection.scalars(select(MatchingRun.result).order_by(MatchingRun.id))
        found: list[Any] = [(each or {})["floor"] for each in results]
    return [None if each is None else each["floor"] for each in found]


def test_without_a_floor_in_the_weights_a_run_knows_none(
    as_user: AsUser, world: World, application: Flask
) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert "Wat de ondergrens doet" not in officer.page
    assert floors(world) == [None]


def test_a_floor_in_the_weights_holds_for_runs_and_tells_its_price(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = [household_in("screened", world) for _ in range(10)]
    manager, officer = as_user("functional_manager"), as_user(OFFICER)
    assert kept(manager, world, "101") == 422
    assert kept(manager, world, "60") == 303
    manager.get(WEIGHTS)
    assert "Ondergrens voor kleine en grote huishoudens: 60%" in manager.page
    proposed(application, officer)
    assert re.search(r"Een persoon \(10 huishoudens\): van \d+% naar \d+%\.", officer.page)
    assert PRICE in officer.page
    asked(application, officer, made[0].case, UTRECHT)
    assert "telt in dit antwoord niet mee" in officer.page
    reckoned(application, officer, {"families": "10"})
    assert PRICE in officer.page
    reckoned(application, officer, {"floor": "0"})
    assert "Er geldt geen ondergrens voor kleine en grote huishoudens." in officer.page
    assert floors(world) == [0.6, None, 0.6, None]
    assert sent(officer, {"floor": "60"}) is None
    assert "Verander minstens één ding" in officer.page
