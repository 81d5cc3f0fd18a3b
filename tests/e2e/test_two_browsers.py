"""Two users on one case, and a hand that clicks twice."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models import Case, CaseEvent
from tests.e2e.conftest import Visit
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.factories import Household, household, household_in, registered

pytestmark = pytest.mark.browser

WISH = "Selam wil haar eigen timmerwerkplaats beginnen."


def taken(site: Site, case: str, step: str) -> int:
    """Return how often a step was taken on a case."""
    events = (
        select(func.count())
        .select_from(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.reference == case, CaseEvent.step == step)
    )
    with site.world.engine.connect() as connection:
        return connection.scalar(events) or 0


def screening(visitor: Visitor, made: Household) -> None:
    """Open the screening and type, without sending it."""
    visitor.open(f"/dossiers/{made.case}/screen").heading("Volwassene screenen")
    visitor.fill(Datum_gesprek="2017-01-30", Hoogste_opleiding="Master of hoger")
    visitor.fill(Wensen_voor_werk_en_opleiding=WISH)


def test_the_second_reads_who_did_what_and_loses_nothing(visit: Visit, site: Site) -> None:
    made = registered(site.world)
    second = visit("case_manager")
    screening(second, made)
    first = visit("colleague").open(f"/dossiers/{made.case}/suspend")
    first.fill(Reden="Ziekte").enter("Tot en met", "2017-02-20").press("Termijn opschorten")
    first.sees("is vastgelegd")

    second.press("Volwassene screenen").heading("Het dossier is intussen veranderd").audit()
    changed = second.page.get_by_role("region", name="Wat er veranderde")
    expect(changed).to_contain_text("Colleague")
    expect(changed).to_contain_text("Termijn opgeschort")
    expect(changed).to_contain_text("Ziekte")
    second.fits()
    wishes = second.page.get_by_label("Wensen voor werk en opleiding")
    expect(wishes).to_have_value(WISH)
    expect(second.page.get_by_label("Datum gesprek")).to_have_value("2017-01-30")
    assert taken(site, made.case, "screen") == 0

    second.press("Volwassene screenen").sees("Volwassene screenen is vastgelegd.")
    assert taken(site, made.case, "screen") == 1
    second.tab("Onderdelen van het dossier", "Personen").sees(WISH)


def test_what_can_no_longer_be_is_still_there_to_read(visit: Visit, site: Site) -> None:
    made = household_in("linked", site.world)
    late = visit("utrecht").open(f"/dossiers/{made.case}/take_up").fill(Scenario="Snelle start")
    made.take("take_up", "utrecht_colleague", scenario="combined")

    late.press("Koppeling oppakken").heading("Het dossier is intussen veranderd").audit()
    late.sees("Utrecht Colleague").sees("Deze handeling kan niet meer")
    expect(late.page.get_by_role("radio", name="Snelle start")).to_be_checked()
    expect(late.page.get_by_role("main").get_by_role("button")).to_have_count(0)
    assert taken(site, made.case, "take_up") == 1


def test_clicking_twice_acts_once(visit: Visit, site: Site) -> None:
    made = registered(site.world, household(adults=2))
    visitor = visit("case_manager")
    screening(visitor, made)
    visitor.page.get_by_role("button", name="Volwassene screenen").dblclick()
    visitor.sees("Volwassene screenen is vastgelegd.")
    expect(visitor.page).to_have_url(re.compile(f"{made.case}$"))
    assert taken(site, made.case, "screen") == 1
