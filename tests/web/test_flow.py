"""Doorstroom: every number opens a list of that many, for whoever may see it."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest

from models.vocabulary import CaseState
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.world import World

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


@pytest.mark.parametrize("name", ["supervisor", "administrator", "case_manager", "bunnik"])
def test_the_flow_is_for_who_may_count(visit: Callable[[str], Visitor], name: str) -> None:
    visitor = visit(name)
    for path in ("/doorstroom", "/doorstroom/huishoudens", "/doorstroom/huishoudens.csv"):
        visitor.get(path)
        assert visitor.status == 404
