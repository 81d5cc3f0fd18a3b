"""Wat als: other room, weights or arrivals on a copy; kept by name, and nothing else saved."""

import re
from collections.abc import Callable, Mapping

from flask import Flask
from sqlalchemy import func, select

from models import Case, MatchingRun, Proposal, QuotaEntry
from models.vocabulary import ScoreTerm
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.world import TINY, World
from webapp.jobs.matching import run_matching

AsUser = Callable[[str], Visitor]
PAGE = "/koppelen/wat-als"
OFFICER = "placement_officer"
TO_TINY = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]


def sent(visitor: Visitor, values: Mapping[str, str]) -> str | None:
    """Send the form, and return where it leads."""
    visitor.get(PAGE)
    [run] = set(re.findall(r'name="run" value="([a-z2-7]{16})"', visitor.page))
    return visitor.post(PAGE, {"run": run, **values}).location


def reckoned(application: Flask, visitor: Visitor, values: Mapping[str, str]) -> str:
    """Start a what-if, let the worker do its work and open the result."""
    address = sent(visitor, values)
    assert address is not None, visitor.page[-3000:]
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    visitor.get(address)
    return address


def place(code: str, places: int = 0, *, closed: bool = False) -> dict[str, str]:
    return {
        "places-0-municipality": code,
        "places-0-places": str(places),
        "places-0-closed": "true" if closed else "false",
    }


def stored(world: World) -> tuple[int, ...]:
    with world.engine.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (Proposal, QuotaEntry, Case)
        )


def test_more_room_places_more_and_saves_nothing(
    as_user: AsUser, world: World, application: Flask
) -> None:
    for _ in range(3):
        household_in("screened", world, household(2), criteria=TO_TINY)
    before = stored(world)
    officer = as_user(OFFICER)
    reckoned(application, officer, place(TINY, 3))
    assert "3 plaatsen erbij." in officer.page
    assert "+4" in officer.page
    assert "van 2 naar 6" in officer.page
    assert officer.page.count("geen voorstel") == 2
    reckoned(application, officer, place(TINY, closed=True))
    assert "−2" in officer.page
    assert "neemt niemand op." in officer.page
    assert stored(world) == before


def test_more_families_are_imagined_ones(as_user: AsUser, world: World, application: Flask) -> None:
    for _ in range(4):
        household_in("screened", world, household(2))
    before = stored(world)
    officer = as_user(OFFICER)
    reckoned(application, officer, {"families": "50"})
    assert "Van de 2 verzonnen gezinnen krijgen er 2 een plaats." in officer.page
    assert "50% meer gezinnen, verzonnen." in officer.page
    assert stored(world) == before


def test_other_weights_change_the_score(as_user: AsUser, world: World, application: Flask) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    zero = {f"{term}_weight": "0" for term in ScoreTerm}
    reckoned(application, officer, {**zero, "advice_weight": "100"})
    assert "Andere gewichten:" in officer.page
    assert "naar 1,000" in officer.page
    assert sent(officer, zero) is None
    assert "Geef minstens één gewicht boven nul." in officer.page


def test_a_floor_tells_what_it_does_and_what_it_costs(
    as_user: AsUser, world: World, application: Flask
) -> None:
    for _ in range(10):
        household_in("screened", world)
    before = stored(world)
    officer = as_user(OFFICER)
    reckoned(application, officer, {"floor": "90"})
    assert "krijgen elk minstens 90%" in officer.page
    assert re.search(r"Een persoon \(10 huishoudens\): van \d+% naar \d+%\.", officer.page)
    assert "De ondergrens kost 0,00% van de score van het plan." in officer.page
    assert stored(world) == before
    reckoned(application, officer, {"floor": "90", **place(TINY, closed=True)})
    assert "neemt niemand op." in officer.page
    assert sent(officer, {"floor": "101"}) is None


def test_what_was_typed_wrongly_comes_back(as_user: AsUser, world: World) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    assert sent(officer, {}) is None
    assert "Verander minstens één ding" in officer.page
    assert sent(officer, {"families": "veel", **place("Nergenshuizen", 4)}) is None
    assert "Er is geen gemeente met deze naam." in officer.page
    assert 'value="veel"' in officer.page
    assert sent(officer, {"add-places": "1"}) is None
    assert "places-0-municipality" in officer.page
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(MatchingRun)) == 0


def test_a_scenario_is_kept_opened_and_deleted_by_its_owner_only(
    as_user: AsUser, world: World, application: Flask
) -> None:
    household_in("screened", world)
    officer, other = as_user(OFFICER), as_user("second_placement_officer")
    address = reckoned(application, officer, place(TINY, closed=True))
    officer.post(address + "/bewaren", {"name": " "})
    assert officer.status == 422
    assert "Geef een naam van 1 tot 80 tekens." in officer.page
    assert officer.post(address + "/bewaren", {"name": "Zonder Blaricum"}).status_code == 303
    officer.get(PAGE)
    assert "Zonder Blaricum" in officer.page
    other.get(PAGE)
    assert "Zonder Blaricum" not in other.page
    assert other.get(address).status_code == 404
    for act in ("bewaren", "verwijderen"):
        assert other.post(f"{address}/{act}", {"name": "x"}).status_code == 404
    assert officer.post(address + "/verwijderen").status_code == 303
    assert officer.get(address).status_code == 404
