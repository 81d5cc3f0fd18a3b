"""Afwijkingen: every number opens a list of that many, by reason, place, organisation and week."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest

from tests.factories import DWELLING, NO_TALK, Household, household, household_in, proposed_place
from tests.integration.test_confirming import propose
from tests.web.conftest import Visitor
from tests.world import AMSTERDAM, UTRECHT, World

PAGE = "/koppelen/afwijkingen"
OFFICER = "placement_officer"
LINK = re.compile(r'<a[^>]* href="(/doorstroom/huishoudens\?[^"]*)"[^>]*>\s*([\d.]+)\s*</a>')
AsUser = Callable[[str], Visitor]


def followed(made: Household) -> None:
    made.municipality = proposed_place(made)
    made.take("link", OFFICER, municipality=made.municipality)


def departed(made: Household, reason: str) -> None:
    made.municipality = AMSTERDAM if proposed_place(made) != AMSTERDAM else UTRECHT
    made.take("link", OFFICER, municipality=made.municipality, departure=reason)


@pytest.fixture
def decided(world: World) -> World:
    """Return a world in which three were followed and three were not; one of each was released."""
    made = [household_in("screened", world, household(2, 3)) for _ in range(6)]
    household_in("linked", world)
    propose(world)
    for each in made[:3]:
        followed(each)
    for each, reason in zip(made[3:], ("safety", "safety", "other"), strict=True):
        departed(each, reason)
    made[0].take("release_link", OFFICER, reason="linked_in_error")
    made[3].take("release_link", OFFICER, reason="no_suitable_housing")
    propose(world)
    # The same household twice: first elsewhere, then as proposed.
    followed(made[3])
    return world


def rows_of(visitor: Visitor, url: str) -> list[dict[str, str]]:
    response = visitor.client.get(url)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


@pytest.mark.parametrize("name", ["manager", "region_coordinator", OFFICER])
def test_every_number_opens_as_many(as_user: AsUser, decided: World, name: str) -> None:
    visitor = as_user(name)
    for by in ("reden", "gemeente", "organisatie", "week"):
        visitor.get(f"{PAGE}?per={by}")
        links = [(unescape(url), text) for url, text in LINK.findall(visitor.page)]
        assert len(links) > 15, by
        for url, text in links:
            rows = rows_of(visitor, url.replace("huishoudens", "huishoudens.csv", 1))
            assert len(rows) == int(text), url
        assert "Noor" not in visitor.page


def test_the_rate_and_what_became_of_both(as_user: AsUser, decided: World) -> None:
    visitor = as_user("manager")
    visitor.get(PAGE)
    shown = [int(text) for _, text in LINK.findall(visitor.page)]
    # Six households on a proposal, three elsewhere; one of those was linked again as proposed.
    assert "50% van alle" in visitor.page
    # Followed: four households, of whom three are under way and one was released.
    assert shown[:7] == [4, 3, 1, 0, 0, 0, 0]
    assert shown[7:14] == [3, 2, 1, 0, 0, 0, 0]
    assert "Andere reden" in visitor.page
    assert "67% van de afwijkingen" in visitor.page


def test_who_moved_in_and_what_was_recorded_count(as_user: AsUser, world: World) -> None:
    made = household_in("screened", world)
    propose(world)
    departed(made, "network_not_recorded")
    made.take("take_up", made.officer, scenario="combined")
    made.take("offer_housing", made.officer, **DWELLING)
    made.take("accept_offer", "case_manager")
    made.take("sign_lease", made.officer, title_on=world.today)
    made.take("house", made.officer, housed_on=world.today)
    made.take("sign_off", "case_manager", booked_on=world.today)
    made.take("close", "case_manager", **NO_TALK)
    later = made.on(world.today + timedelta(days=190))
    later.take(
        "record_outcome",
        made.officer,
        member=made.members[0],
        kind="work",
        measured_on=later.world.today,
        months_after="6",
    )
    visitor = as_user("manager")
    visitor.get(PAGE)
    assert "Netwerk dat niet bij de screening stond" in visitor.page
    shown = [int(text) for _, text in LINK.findall(visitor.page)]
    # One departure: not under way, released or ended, but moved in, measured and at work.
    assert shown[7:14] == [1, 0, 0, 1, 0, 1, 1]


def test_the_table_is_downloaded(as_user: AsUser, decided: World) -> None:
    visitor = as_user("manager")
    rows = rows_of(visitor, f"{PAGE}.csv?per=reden")
    assert {row["reason"]: int(row["departed"]) for row in rows} == {"safety": 2, "other": 1}
    assert sum(int(row["released"]) for row in rows) == 1
    [week] = rows_of(visitor, f"{PAGE}.csv?per=week")
    assert week["households"] == "6"
    assert date.fromisoformat(week["week"]).weekday() == 0


@pytest.mark.parametrize("name", ["supervisor", "case_manager", "utrecht"])
def test_no_municipality_learns_why_an_officer_departed(
    as_user: AsUser, decided: World, name: str
) -> None:
    visitor = as_user(name)
    for path in (PAGE, f"{PAGE}.csv", "/doorstroom/huishoudens?voorstel=afgeweken"):
        visitor.get(path)
        assert visitor.status == 404
    visitor.get("/doorstroom")
    assert PAGE not in visitor.page


@pytest.mark.parametrize("name", ["far_placement_officer", "utrecht_coordinator"])
def test_another_region_counts_none_of_them(as_user: AsUser, decided: World, name: str) -> None:
    """Nor does the coordinator of a municipality, where those households are linked."""
    visitor = as_user(name)
    visitor.get("/doorstroom/huishoudens?voorstel=afgeweken")
    assert "Geen huishoudens" in visitor.page
    visitor.get(PAGE)
    assert "Nog geen koppelingen op een voorstel" in visitor.page


@pytest.mark.parametrize(
    "wrong",
    [
        "voorstel=nee",
        "voorstel=afgeweken&reden=zomaar",
        "voorstel=besloten&voorgesteld=Utrecht",
        "voorstel=besloten&besloten_door=0",
        "voorstel=besloten&besloten_week=2017-01-31",
        "voorstel=besloten&afloop=goed",
    ],
)
def test_wrong_selections_are_not_there(as_user: AsUser, world: World, wrong: str) -> None:
    visitor = as_user("manager")
    assert visitor.get(f"/doorstroom/huishoudens?{wrong}").status_code == 404
