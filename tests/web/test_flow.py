"""Doorstroom: every number opens a list of that many, for whoever may see it."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest

from models.vocabulary import CaseState
from tests.factories import Household, household, household_in
from tests.handovers import handed_over
from tests.web.conftest import Visitor
from tests.world import World

CELL = re.compile(r'<a href="(/doorstroom/huishoudens\?[^"]*overdracht=[^"]*)">([^<]+)</a>')
LINK = re.compile(r'<a href="(/doorstroom/huishoudens[^"]*)">([\d.]+)</a>')


@pytest.fixture
def visit(world: World, as_user: Callable[[str], Visitor]) -> Callable[[str], Visitor]:
    """Return how to sign in to a world with a signed-off and a waiting household."""
    household_in(CaseState.CLOSED, world, household(2, 1))
    household_in(CaseState.PREPARING, world)
    return as_user


def sign_off_and_close(made: Household, **outcome: str) -> None:
    made.take("sign_off", "case_manager", booked_on=made.world.today)
    made.take("close", "case_manager", **outcome)


@pytest.fixture
def handed(world: World, as_user: Callable[[str], Visitor]) -> Callable[[str], Visitor]:
    """Return how to sign in where twelve were handed over, one was not, and others had nothing."""
    for _ in range(2):
        made = handed_over("completed", world, household(2, 4), case="housed")
        sign_off_and_close(made, handover_outcome="completed")
    unheld = handed_over("accepted", world, household(2, 1), case="housed")
    unheld.take("complete_handover", unheld.officer, held=False, absence="no_time")
    sign_off_and_close(unheld, handover_outcome="not_held", reason="Geen tijd.")
    household_in(CaseState.CLOSED, world)
    household_in(CaseState.CLOSED, world, municipality="GM0312")
    household_in(CaseState.PREPARING, world)
    return as_user


def rows_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    response = visitor.client.get(path)
    assert response.status_code == 200
    assert response.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


def number(text: str) -> int:
    return int(text.replace(".", ""))


@pytest.mark.parametrize(
    "path",
    [
        "/doorstroom/huishoudens?stand=weg",
        "/doorstroom/huishoudens?langer=-1",
        "/doorstroom/huishoudens?na=2017-01-01",
        "/doorstroom/huishoudens?ingestroomd=9999-12-31",
    ],
)
def test_addresses_that_no_page_gives_are_not_there(
    visit: Callable[[str], Visitor], path: str
) -> None:
    visitor = visit("manager")
    visitor.get(path)
    # A cursor without a place is only the beginning of the list.
    assert visitor.status in {200, 404}
    assert "Er ging iets mis" not in visitor.page


def test_every_number_of_the_flow_opens_as_many(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("manager")
    visitor.get("/doorstroom")
    links = [(unescape(url), number(text)) for url, text in LINK.findall(visitor.page)]
    assert len(links) > 10
    for url, shown in links:
        rows = rows_of(visitor, url.replace("huishoudens", "huishoudens.csv", 1))
        assert shown in {len(rows), sum(int(row["persons"]) for row in rows)}, url
        visitor.get(url)
        assert "Noor" not in visitor.page


@pytest.mark.parametrize("name", ["manager", "region_coordinator", "centre_coordinator"])
def test_every_number_of_the_handovers_opens_as_many(
    handed: Callable[[str], Visitor], name: str
) -> None:
    visitor = handed(name)
    for path in ("/doorstroom", "/doorstroom/overdrachten", "/doorstroom/overdrachten?per=opvang"):
        visitor.get(path)
        links = [(unescape(url), text) for url, text in CELL.findall(visitor.page)]
        assert len(links) > 5, path
        for url, text in links:
            rows = rows_of(visitor, url.replace("huishoudens", "huishoudens.csv", 1))
            if text.isdecimal():
                assert len(rows) == int(text), url
            assert all(row["state"] == "closed" for row in rows)
        assert "Noor" not in visitor.page


def test_the_rate_is_that_of_all_who_were_closed(handed: Callable[[str], Visitor]) -> None:
    visitor = handed("manager")
    visitor.get("/doorstroom")
    shown = [text for _, text in CELL.findall(visitor.page)]
    # Five were closed: two with an interview, and three without of whom two had no handover.
    assert shown[:4] == ["5", "2", "40%", "3"]
    assert sorted(shown[4:6]) == ["1", "2"]
    assert "er was geen tijd" in visitor.page


def test_a_municipality_counts_no_closed_case(handed: Callable[[str], Visitor]) -> None:
    visitor = handed("utrecht_coordinator")
    visitor.get("/doorstroom/overdrachten")
    assert visitor.status == 200
    assert not CELL.findall(visitor.page)


def test_small_groups_of_handovers_stand_together(handed: Callable[[str], Visitor]) -> None:
    visitor = handed("manager")
    visitor.get("/doorstroom/overdrachten")
    # Bunnik closed one person only, so that Utrecht does not stand apart either.
    assert "2 gemeenten met weinig personen" in visitor.page
    links = [unescape(url) for url, _ in CELL.findall(visitor.page)]
    assert links
    assert all("GM0312" in url and "GM0344" in url for url in links), links


@pytest.mark.parametrize(
    "wrong", ["overdracht=nee", "overdracht=closed&gemeente=Utrecht", "overdracht=closed&van=0"]
)
def test_wrong_selections_of_handovers_are_not_there(
    visit: Callable[[str], Visitor], wrong: str
) -> None:
    visitor = visit("manager")
    visitor.get(f"/doorstroom/huishoudens?{wrong}")
    assert visitor.status == 404


@pytest.mark.parametrize("name", ["supervisor", "administrator", "case_manager", "bunnik"])
def test_the_flow_is_for_who_may_count(visit: Callable[[str], Visitor], name: str) -> None:
    visitor = visit(name)
    pages = (
        "",
        "/overdrachten",
        "/huishoudens",
        "/huishoudens.csv",
        "/huishoudens?overdracht=closed",
    )
    for path in (f"/doorstroom{page}" for page in pages):
        visitor.get(path)
        assert visitor.status == 404
