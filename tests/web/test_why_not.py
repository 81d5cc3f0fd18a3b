"""Waarom niet: the least change that would make another municipality the choice, nothing saved."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import CaseEvent, Proposal
from tests.factories import Household, household, household_in
from tests.web.conftest import Visitor
from tests.world import EXEMPT, TINY, UTRECHT, World
from webapp.jobs.matching import run_matching

AsUser = Callable[[str], Visitor]
OFFICER = "placement_officer"
TO_TINY = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]


def asked(application: Flask, visitor: Visitor, case: str, code: str) -> str:
    """Ask about a municipality, let the worker look and open the answer."""
    path = f"/koppelen/huishoudens/{case}/waarom-niet"
    visitor.get(path)
    assert visitor.status == 200
    [run] = set(re.findall(r'name="run" value="([a-z2-7]{16})"', visitor.page))
    address = visitor.post(path, {"run": run, "municipality": code}).location
    assert address is not None, visitor.page[-3000:]
    visitor.get(address)
    assert 'http-equiv="refresh"' in visitor.page
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    visitor.get(address)
    return str(address)


def told(visitor: Visitor) -> list[str]:
    part = visitor.page.split('id="answer"')[1]
    return re.findall(r"<li>(.*?)</li>", part)


def stored(world: World) -> tuple[Any, ...]:
    with world.engine.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table))
            for table in (Proposal, CaseEvent)
        )


@pytest.fixture
def two(world: World) -> list[Household]:
    """Return two households that may go to one municipality only, which has room for one."""
    return [household_in("screened", world, household(2), criteria=TO_TINY) for _ in range(2)]


def unplaced(two: list[Household], application: Flask, visitor: Visitor) -> Household:
    """Return the one of two that a plan leaves without a place."""
    for each in two:
        asked(application, visitor, each.case, TINY)
        if "geen plaats" in visitor.page:
            return each
    raise AssertionError(visitor.page)


def test_the_room_that_lacks_is_told_and_is_enough(
    as_user: AsUser, two: list[Household], application: Flask, world: World
) -> None:
    officer = as_user(OFFICER)
    before = stored(world)
    left = unplaced(two, application, officer)
    sentences = told(officer)
    assert sentences[0] == "In het plan van nu krijgt dit huishouden geen plaats."
    [room] = [each for each in sentences if "ruimte is voor" in each]
    # There are three places, and two households of two.
    assert "ruimte is voor 1 persoon meer" in room
    [other] = [each for each in two if each.case != left.case]
    asked(application, officer, other.case, TINY)
    assert told(officer)[0].startswith("Het plan kiest nu al ")
    assert stored(world) == before


def test_what_no_change_can_do_is_told_with_the_reason(
    as_user: AsUser, two: list[Household], application: Flask
) -> None:
    officer = as_user(OFFICER)
    asked(application, officer, two[0].case, UTRECHT)
    assert "past niet bij een hard criterium" in told(officer)[-1]
    asked(application, officer, two[0].case, EXEMPT)
    assert "vrijgesteld van de taakstelling" in told(officer)[-1]


def test_a_household_with_a_choice_learns_how_much_lacks(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    asked(application, officer, made.case, TINY)
    if "kiest nu al" in officer.page:
        asked(application, officer, made.case, UTRECHT)
    sentences = told(officer)
    assert sentences[0].startswith("Het plan van nu kiest ")
    assert any("verliest het hele plan" in each for each in sentences)
    assert any("als de score van dit huishouden daar" in each for each in sentences)


def test_the_answer_is_for_whoever_asked(
    as_user: AsUser, two: list[Household], application: Flask
) -> None:
    officer = as_user(OFFICER)
    address = asked(application, officer, two[0].case, TINY)
    path = f"/koppelen/huishoudens/{two[0].case}/waarom-niet"
    for name in ("far_placement_officer", "case_manager", "utrecht"):
        visitor = as_user(name)
        assert visitor.get(address).status_code == 404
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {"run": "a" * 16, "municipality": TINY}).status_code == 404
    assert as_user("second_placement_officer").get(address).status_code == 404


def test_a_wrong_name_comes_back_and_a_link_meanwhile_is_told(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    path = f"/koppelen/huishoudens/{made.case}/waarom-niet"
    officer.get(path)
    [run] = set(re.findall(r'name="run" value="([a-z2-7]{16})"', officer.page))
    officer.post(path, {"run": run, "municipality": "Nergenshuizen"})
    assert officer.status == 422
    assert "Er is geen gemeente met deze naam." in officer.page
    [run] = set(re.findall(r'name="run" value="([a-z2-7]{16})"', officer.page))
    address = officer.post(path, {"run": run, "municipality": TINY}).location
    assert address is not None
    household_in("screened", world)
    made.take("link", OFFICER, municipality=UTRECHT)
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    officer.get(address)
    assert "Dit huishouden wacht niet meer op een koppeling." in officer.page
    assert officer.get(path).status_code == 404
