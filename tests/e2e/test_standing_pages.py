"""Taakstelling in a browser: WCAG, the map by keyboard, charts under the policy, and no scripts."""

import re

import pytest
from playwright.sync_api import expect

from models.vocabulary import CaseState
from tests.e2e.conftest import Visit
from tests.e2e.site import Site
from tests.e2e.test_pages import looked_at
from tests.factories import household_in

pytestmark = pytest.mark.browser

PATHS = (
    "/taakstelling",
    "/taakstelling?niveau=regios&sorteer=maandlijn&richting=aflopend",
    "/taakstelling?niveau=gemeenten&blad=2",
    "/taakstelling?zoek=nergens",
    "/taakstelling?gebied=PV26&bekend=2017-01-15",
    "/taakstelling?gebied=GM0344",
    "/taakstelling?datum=gisteren&gebied=PV99",
    "/taakstelling/regels?cijfer=backlog&gebied=PV26",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page(visit: Visit, path: str) -> None:
    looked_at(visit("supervisor").open(path))


def test_charts_are_drawn_and_the_map_is_walked_by_keyboard(visit: Visit) -> None:
    visitor = visit("manager").open("/taakstelling")
    expect(visitor.page.locator("[data-chart] canvas")).to_have_count(2)
    tiles = visitor.page.get_by_role("group", name="Kaart van gemeenten").get_by_role("link")
    first = tiles.first
    first.focus()
    before = first.get_attribute("aria-label")
    visitor.page.keyboard.press("ArrowDown")
    focused = visitor.page.locator("a.tile:focus")
    expect(focused).to_have_count(1)
    words = focused.get_attribute("aria-label")
    assert words != before
    # One stop of the Tab key, however many tiles there are.
    assert visitor.page.locator(".tile-frame--municipalities a[tabindex='0']").count() == 1
    expect(visitor.page.locator("[data-tile-readout]")).to_have_text(words or "")
    visitor.page.keyboard.press("Enter")
    visitor.heading(f": {(words or '').partition(':')[0]}")


def test_everything_can_be_read_and_reached_without_scripts(visit: Visit) -> None:
    visitor = visit("auditor", scripts=False).open("/taakstelling")
    expect(visitor.page.locator("canvas")).to_have_count(0)
    table = visitor.page.get_by_role("table", name="Gerealiseerd tegen de taakstelling")
    expect(table.get_by_role("row")).not_to_have_count(1)
    visitor.page.get_by_role("columnheader", name=re.compile("^G ")).get_by_role("link").click()
    expect(visitor.page.get_by_role("columnheader", name=re.compile("^G "))).to_have_attribute(
        "aria-sort", "descending"
    )
    visitor.link("Drenthe").heading("Drenthe")
    visitor.page.locator("a.tile").first.click()
    visitor.page.get_by_role("row", name=re.compile("^H ")).get_by_role("link").click()
    visitor.heading("Nog te realiseren")


def test_publishing_and_what_changed_since(visit: Visit, site: Site) -> None:
    officer = visit("quota_officer").open("/taakstelling/publicaties")
    looked_at(officer)
    officer.page.set_default_timeout(30_000)
    officer.enter("Geldig op", "2017-02-02").press("Publiceren").sees("De stand is gepubliceerd")
    looked_at(officer)
    household_in(CaseState.CLOSED, site.world)
    officer.page.reload()
    officer.sees("De regels die dit verschil maken")
    looked_at(officer)
    looked_at(officer.open("/taakstelling/publicaties").sees("Stand op 2 februari 2017"))


def test_in_english(visit: Visit) -> None:
    visitor = visit("functional_manager").open("/taakstelling")
    visitor.page.locator("details.menu summary").first.click()
    visitor.page.get_by_role("button", name="English").click()
    for path in ("/taakstelling", "/taakstelling/publicaties"):
        looked_at(visitor.open(path))
        expect(visitor.page.get_by_role("main")).not_to_contain_text("halfjaar")
