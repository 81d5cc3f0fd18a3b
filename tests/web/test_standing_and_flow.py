"""Taakstelling and Doorstroom: every number opens a list of that many, for whoever may see it."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest

from models.vocabulary import CaseState
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.world import UTRECHT, World

LINK = re.compile(r'<a href="(/doorstroom/huishoudens[^"]*)">([\d.]+)</a>')


@pytest.fixture
def visit(world: World, as_user: Callable[[str], Visitor]) -> Callable[[str], Visitor]:
    """Return how to sign in to a world with a signed-off and a waiting household."""
    household_in(CaseState.CLOSED, world, household(2, 1))
    household_in(CaseState.PREPARING, world)
    return as_user


def rows_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    response = visitor.client.get(path)
    assert response.status_code == 200
    assert response.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


def number(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_table_states_its_dates_and_opens_the_persons(visit: Callable[[str], Visitor]) -> None:
    visitor = visit("case_manager")
    visitor.get("/taakstelling")
    assert "Taakstelling 2017-I" in visitor.page
    assert "t/m 1 februari 2017" in visitor.page
    visitor.get(f"/taakstelling/regels?cijfer=realised&gemeente={UTRECHT}")
    assert "Gerealiseerd: 3" in visitor.page
    assert visitor.page.count("Noor Voorbeeld") == 3
    lines = rows_of(visitor, f"/taakstelling/regels.csv?cijfer=realised&gemeente={UTRECHT}")
    assert len(lines) == 3
    assert "Voorbeeld" not in str(lines)


@pytest.mark.parametrize("name", ["manager", "supervisor", "administrator", "bunnik"])
def test_names_stay_with_who_may_see_the_case(visit: Callable[[str], Visitor], name: str) -> None:
    visitor = visit(name)
    visitor.get("/taakstelling/regels?cijfer=realised")
    assert "Gerealiseerd: 3" in visitor.page
    assert "Noor" not in visitor.page
    assert "/dossiers/" not in visitor.page


def test_the_download_holds_the_nation_and_every_municipality(
    visit: Callable[[str], Visitor],
) -> None:
    rows = rows_of(visit("manager"), "/taakstelling.csv?datum=2017-02-02&bekend=2017-02-01")
    assert len(rows) == 391
    assert rows[0]["code"] == "NL"
    assert {row["valid"] for row in rows} == {"2017-02-02"}
    assert {row["known"] for row in rows} == {"2017-02-01"}
    assert int(rows[0]["remaining"]) == sum(int(row["remaining"]) for row in rows[1:])


@pytest.mark.parametrize(
    "path",
    [
        "/taakstelling?datum=gisteren&bekend=9999-99-99",
        "/taakstelling?datum=0001-01-01&sorteer=drop&richting=omhoog&tonen=x&klasse=y",
    ],
)
def test_dates_that_are_none_are_named_and_the_table_still_shows(
    visit: Callable[[str], Visitor], path: str
) -> None:
    visitor = visit("manager")
    visitor.get(path)
    assert visitor.status == 200
    assert "Deze datum klopt niet" in visitor.page


@pytest.mark.parametrize(
    "path",
    [
        "/taakstelling/regels",
        "/taakstelling/regels?cijfer=backlog",
        "/taakstelling/regels?cijfer=realised&na=x",
        "/taakstelling/regels?cijfer=realised&na=2017-01-01~99999999999999999999",
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


@pytest.mark.parametrize("name", ["supervisor", "administrator", "case_manager", "bunnik"])
def test_the_flow_is_for_who_may_count(visit: Callable[[str], Visitor], name: str) -> None:
    visitor = visit(name)
    for path in ("/doorstroom", "/doorstroom/huishoudens", "/doorstroom/huishoudens.csv"):
        visitor.get(path)
        assert visitor.status == 404
