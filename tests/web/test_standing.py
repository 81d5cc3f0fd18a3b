"""Taakstelling: each area for two dates, every number with its list, and strange addresses."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple

import pytest
from flask import Flask

from models.vocabulary import CaseState
from tests.database import Database, Server
from tests.factories import household, household_in
from tests.web.conftest import Visitor, make_application, settings_without_redis
from tests.world import AMSTERDAM, UTRECHT, opened
from webapp.throttle import limiter

Visit = Callable[[str], Visitor]
PROVINCE, REGION = "PV26", "14"
FIGURE = re.compile(
    r'<a href="(/taakstelling/regels\?cijfer=(\w+)[^"]*&gebied=(\w+))">(-?[\d.]+)</a>'
)
TILE = re.compile(r'<a class="tile [^"]*" href="([^"]*)" aria-label="([^"]*)">')


class Shown(NamedTuple):
    """A number of a page with what it opens."""

    url: str
    figure: str
    area: str
    persons: int


@pytest.fixture(scope="module")
def application(
    server: Server, installed: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Yield the application over a world with households signed off in two provinces."""
    with server.temporary(installed.name) as database, opened(database) as world:
        household_in(CaseState.CLOSED, world, household(2, 1))
        household_in(CaseState.HOUSED, world)
        household_in(CaseState.CLOSED, world, municipality=AMSTERDAM)
        yield make_application(world, settings_without_redis(tmp_path_factory.mktemp("data")))


@pytest.fixture
def visit(application: Flask, as_user: Visit) -> Visit:
    """Return how to sign in; these tests change nothing that another could see."""
    with application.app_context():
        limiter.reset()
    return as_user


def numbers(page: str) -> Iterator[Shown]:
    for url, figure, area, text in FIGURE.findall(page):
        yield Shown(unescape(url), figure, area, int(text.replace(".", "")))


def rows_of(visitor: Visitor, path: str) -> list[dict[str, str]]:
    response = visitor.client.get(path)
    assert response.status_code == 200, path
    assert response.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


def test_each_area_has_its_page(visit: Visit) -> None:
    visitor = visit("manager")
    for area, name, realised in (
        ("NL", "Nederland", 4),
        (PROVINCE, "Utrecht", 3),
        (REGION, "Midden-Utrecht", 3),
        (UTRECHT, "Utrecht", 3),
        (AMSTERDAM, "Amsterdam", 1),
    ):
        visitor.get(f"/taakstelling?gebied={area}")
        assert f"<h1>Taakstelling 2017-I: {name}</h1>" in visitor.page
        assert (
            "Stand op 2 februari 2017: geteld wat is afgemeld t/m 1 februari 2017" in visitor.page
        )
        found = {each.figure: each.persons for each in numbers(visitor.page) if each.area == area}
        assert found["realised"] == realised
        assert found["remaining"] == found["corrected_quota"] - realised


@pytest.mark.parametrize(
    "name", ["case_manager", "utrecht", "supervisor", "quota_officer", "auditor"]
)
def test_every_number_opens_a_list_that_adds_up_to_it(visit: Visit, name: str) -> None:
    visitor = visit(name)
    for path in ("/taakstelling", f"/taakstelling?gebied={PROVINCE}"):
        visitor.get(path)
        shown = {each for each in numbers(visitor.page) if each.area in {"NL", PROVINCE, UTRECHT}}
        assert len(shown) > 10
        for each in shown:
            lines = rows_of(visitor, each.url.replace("regels?", "regels.csv?", 1))
            assert sum(int(line["persons"]) for line in lines) == each.persons, each.url


def test_the_row_of_small_groups_says_how_many_persons_it_holds(visit: Visit) -> None:
    visitor = visit("supervisor")
    visitor.get("/taakstelling/regels?cijfer=realised")
    assert "<h1>Gerealiseerd: 4</h1>" in visitor.page
    assert "Samen: 4 personen, in 1 rij." in visitor.page
    assert "Kleine groepen samen" in visitor.page
    assert "2 groepen" in visitor.page
    [persons] = re.findall(r'data-label="Personen" class="numeric"><span>(\d+)', visitor.page)
    assert persons == "4"


def test_figures_of_the_parts_add_up(visit: Visit) -> None:
    visitor = visit("quota_officer")
    for level, count in (("provincies", 12), ("regios", 35), ("gemeenten", 390)):
        whole, *parts = rows_of(visitor, f"/taakstelling.csv?niveau={level}")
        assert len(parts) == count
        for key in ("opening", "quota", "realised", "remaining", "backlog", "advance"):
            assert int(whole[key]) == sum(int(part[key]) for part in parts)
        assert {part["known"][:10] for part in parts} == {whole["known"][:10]}
        assert {part["rows"] for part in parts} == {str(count + 1)}
        assert {part["valid"] for part in parts} == {"2017-02-02"}


def test_the_map_has_a_tile_with_its_figures_for_each_municipality(visit: Visit) -> None:
    visitor = visit("supervisor")
    visitor.get("/taakstelling?datum=2016-12-31")
    tiles = TILE.findall(visitor.page)
    # 390 municipalities and 35 regions.
    assert len(tiles) == 425
    assert sum(words.startswith(("Veghel:", "Schijndel:")) for _, words in tiles) == 2
    visitor.get("/taakstelling?datum=2017-02-02")
    tiles = TILE.findall(visitor.page)
    url, words = next(each for each in tiles if each[0].endswith(UTRECHT))
    assert "Gerealiseerd: 3 van" in words
    visitor.get(url)
    assert "<h1>Taakstelling 2017-I: Utrecht</h1>" in visitor.page


def test_the_list_of_municipalities_comes_in_pages_and_can_be_searched(visit: Visit) -> None:
    visitor = visit("auditor")
    visitor.get("/taakstelling?niveau=gemeenten")
    assert "50 van 3" in visitor.page
    visitor.get("/taakstelling?niveau=gemeenten&blad=8&sorteer=realised&richting=aflopend")
    assert visitor.status == 200
    visitor.get("/taakstelling?zoek=HERTOGENB")
    assert "'s-Hertogenbosch" in visitor.page
    assert "1 van 1" in visitor.page
    visitor.get("/taakstelling?zoek=nergensdam")
    assert "Geen gemeente voldoet aan deze keuze" in visitor.page
    most = "niveau=gemeenten&sorteer=realised&richting=aflopend"
    assert rows_of(visitor, f"/taakstelling.csv?{most}")[1]["code"] == UTRECHT


def test_backlog_and_advance_add_up_the_municipalities_that_have_it(visit: Visit) -> None:
    visitor = visit("manager")
    for area in ("NL", PROVINCE):
        for shown, figure in (("achterstand", "backlog"), ("voorsprong", "advance")):
            whole, *parts = rows_of(visitor, f"/taakstelling.csv?tonen={shown}&gebied={area}")
            assert int(whole[figure]) == sum(int(part[figure]) for part in parts)
            assert all(int(part[figure]) for part in parts)


def test_a_supervisor_lands_on_the_own_province(visit: Visit) -> None:
    answer = visit("supervisor").get("/")
    assert answer.location == f"/taakstelling?gebied={PROVINCE}"


@pytest.mark.parametrize("name", ["manager", "supervisor", "administrator", "bunnik"])
def test_names_stay_with_who_may_see_the_case(visit: Visit, name: str) -> None:
    visitor = visit(name)
    visitor.get("/taakstelling/regels?cijfer=realised")
    assert "Gerealiseerd: 4" in visitor.page
    assert "Noor" not in visitor.page
    assert "/dossiers/" not in visitor.page


def test_who_may_see_the_case_reads_the_names(visit: Visit) -> None:
    visitor = visit("case_manager")
    visitor.get(f"/taakstelling/regels?cijfer=realised&gebied={UTRECHT}")
    assert visitor.page.count("Noor Voorbeeld") == 3
    assert "Voorbeeld" not in str(rows_of(visitor, "/taakstelling/regels.csv?cijfer=realised"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("datum=gisteren", "Deze datum klopt niet"),
        ("datum=0001-01-01&bekend=9999-99-99", "Deze datum klopt niet"),
        ("bekend=2017-13-01", "Deze datum klopt niet"),
        ("gebied=PV99", "Dit gebied bestaat niet"),
        ("gebied='; DROP TABLE quota_entry; --", "Dit gebied bestaat niet"),
        ("niveau=wijken", "Deze indeling bestaat niet"),
        ("klasse=<script>alert(1)</script>", "Deze klasse bestaat niet"),
        ("tonen=niets", "Deze keuze bestaat niet"),
        ("sorteer=password_hash", "Op deze kolom kan niet worden gesorteerd"),
        ("sorteer=name&richting=omhoog", "Deze richting bestaat niet"),
        ("blad=-1", "Deze bladzijde bestaat niet"),
        ("blad=99999999999999999999", "Deze bladzijde bestaat niet"),
        ("zoek=<script>alert(1)</script>", "Geen gemeente voldoet aan deze keuze"),
    ],
)
def test_what_makes_no_sense_is_named_and_the_table_still_shows(
    visit: Visit, address: str, words: str
) -> None:
    visitor = visit("manager")
    answer = visitor.get(f"/taakstelling?{address}")
    assert answer.status_code == 200
    assert words in visitor.page
    assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cijfer=realised&gebied=PV99",
        "cijfer=realised&gemeente=GM0000",
        "cijfer=realised&na=x",
        "cijfer=realised&na=2017-01-01~99999999999999999999",
    ],
)
def test_lists_that_no_page_opens_are_not_there(visit: Visit, address: str) -> None:
    visitor = visit("manager")
    visitor.get(f"/taakstelling/regels?{address}")
    assert visitor.status == 404
    assert "Er ging iets mis" not in visitor.page


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_spreadsheets_hold_the_same_as_the_csv(visit: Visit, form: str) -> None:
    visitor = visit("utrecht")
    for path in (
        f"/taakstelling.{{}}?gebied={PROVINCE}",
        "/taakstelling/regels.{}?cijfer=realised",
    ):
        plain = rows_of(visitor, path.format("csv"))
        answer = visitor.client.get(path.format(form))
        assert answer.status_code == 200
        assert f".{form}" in answer.headers["Content-Disposition"]
        text = sheet_text(answer.get_data(), form)
        for name in {row.get("name") or row["municipality"] for row in plain}:
            assert name in text


def sheet_text(content: bytes, form: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = ("content.xml",) if form == "ods" else archive.namelist()
        return unescape("".join(archive.read(name).decode() for name in names))
