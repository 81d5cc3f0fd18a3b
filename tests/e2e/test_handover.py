"""A household is handed over before the eyes of both organisations, from draft to agreements."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.factories import Household, household_in

pytestmark = pytest.mark.browser

TODAY, SOON = "2017-02-01", "2017-03-01"
PARTS = "Onderdelen van het dossier"


def test_a_household_is_handed_over(visit: Visit, site: Site) -> None:
    made = household_in("preparing", site.world)
    manager, town, elsewhere = visit("case_manager"), visit("utrecht"), visit("amsterdam")
    prepare(manager, made)
    offer(manager, made)
    path = find(town)
    elsewhere.open(path, status=404)
    ask(town, path)
    answer(manager, made)
    accept(town, path)
    read_profile(town, path)
    plan(town, made)
    complete(town, made)
    do_what_was_agreed(town, made)
    keeps_the_trail(manager, path)
    in_english(town, path)


def act(visitor: Visitor, made: Household, name: str) -> Visitor:
    """Open the form of an act from the page of the case."""
    visitor.open(f"/dossiers/{made.case}")
    link = visitor.page.get_by_role("main").get_by_role("link", name=name, exact=True).first
    if not link.is_visible():
        visitor.page.get_by_text("Andere handelingen").click()
    link.click()
    return visitor.heading(name).audit().fits()


def done(visitor: Visitor, name: str) -> Visitor:
    """Send the form, and expect the next page to say so."""
    visitor.press(name)
    expect(visitor.page.get_by_role("status").first).to_contain_text(f"{name} is vastgelegd.")
    return visitor.audit()


def add(visitor: Visitor, item: str, number: int, **values: str) -> None:
    """Add an item to a list of the form, and fill it in."""
    each = visitor.page.get_by_role("main").get_by_role("group", name=f"{item} {number}")
    if not each.count():
        visitor.press(f"{item} toevoegen")
    visitor.fill(each, **values)


def prepare(manager: Visitor, made: Household) -> None:
    manager.open(f"/dossiers/{made.case}").tab(PARTS, "Overdracht").audit().fits()
    manager.sees("Nog 2 onderdelen ontbreken").sees("Voorbereiding van Noor Voorbeeld")
    manager.link("Lopende zaken en contactpersoon").heading("Overdracht voorbereiden").audit()
    add(manager, "Lopende zaak", 1, Wat_loopt_nog="Huisarts zoeken", Klaar_voor=SOON)
    manager.fill(Waarom_voorbereiding_ontbreekt="Er was nog geen plaats in de lessen.")
    done(manager, "Overdracht voorbereiden")
    manager.tab(PARTS, "Overdracht").sees("Alles is er").sees("Concept").fits()


def offer(manager: Visitor, made: Household) -> None:
    act(manager, made, "Overdracht aanbieden").fill(
        Grondslag="Taak van algemeen belang (AVG artikel 6 lid 1 e)"
    )
    done(manager, "Overdracht aanbieden").tab(PARTS, "Overdracht")
    manager.sees("Aangeboden").sees("15 februari 2017").audit()


def find(town: Visitor) -> str:
    """Find the handover in the inbox, with its term, and return where it stands."""
    town.open("/gemeente").heading("Gemeente").audit().fits()
    row = town.page.get_by_role("table", name="Aangeboden overdrachten").get_by_role("row").last
    expect(row).to_contain_text("Nog 14 dagen")
    row.get_by_role("link").first.click()
    town.heading("Noor Voorbeeld").audit().fits()
    town.sees("Het volledige profiel is te zien zodra u de overdracht accepteert.")
    town.sees("In uw eigen dossiers staat niemand met hetzelfde V-nummer")
    return town.path


def ask(town: Visitor, path: str) -> None:
    town.open(path).link("Vraag stellen over de overdracht").audit().fits()
    town.fill(Vraag="Is er een diploma?")
    done(town, "Vraag stellen over de overdracht").open(path).sees("Is er een diploma?").audit()


def answer(manager: Visitor, made: Household) -> None:
    act(manager, made, "Vraag over de overdracht beantwoorden").sees("Is er een diploma?")
    manager.fill(Antwoord="Ja, van een bachelor.")
    done(manager, "Vraag over de overdracht beantwoorden")


def accept(town: Visitor, path: str) -> None:
    town.open(path).sees("Ja, van een bachelor.")
    done(town, "Overdracht accepteren").open(path).sees("Geaccepteerd").audit().fits()


def read_profile(town: Visitor, path: str) -> None:
    """Read the frozen profile as a page, and fetch what is printed and what a system reads."""
    town.open(path).link("Cliëntprofiel bekijken").heading("Cliëntprofiel").audit().fits()
    town.sees("Huisarts zoeken")
    request = town.page.context.request
    address = town.page.url
    pdf = request.get(f"{address}.pdf")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")
    # Tagged, with a language: a screen reader can read it.
    assert b"/StructTreeRoot" in pdf.body()
    assert b"/Lang" in pdf.body()
    assert request.get(f"{address}.json").ok


def plan(town: Visitor, made: Household) -> None:
    act(town, made, "Overdrachtsgesprek plannen").fill(Datum_gesprek="2017-02-10", Hoe="Op locatie")
    done(town, "Overdrachtsgesprek plannen").tab(PARTS, "Overdracht").sees("10 februari 2017")


def complete(town: Visitor, made: Household) -> None:
    act(town, made, "Overdracht afronden")
    town.fill(Is_het_gesprek_gehouden="Ja", Datum_gesprek=TODAY, Hoe="Op locatie", Taal="Tigrinya")
    people = (("Huishouden", "Noor"), ("COA", "Kees"), ("Gemeente", "Gea"))
    for number, (party, name) in enumerate(people, 1):
        add(town, "Deelnemer", number, Namens=party, Naam=name)
    add(town, "Afspraak", 1, Afspraak="School zoeken", Wie_doet_het="Gemeente", Klaar_op=SOON)
    town.audit()
    done(town, "Overdracht afronden").tab(PARTS, "Overdracht").audit().fits()
    town.sees("Afgerond").sees("School zoeken").sees("Noor (Huishouden)")


def do_what_was_agreed(town: Visitor, made: Household) -> None:
    town.open("/taken?tab=team").heading("Taken").audit().fits()
    row = town.page.get_by_role("row").filter(has_text="School zoeken")
    expect(row).to_contain_text(made.case)
    row.get_by_role("button").click()
    town.open("/taken?tab=done").sees("School zoeken").audit()


def keeps_the_trail(manager: Visitor, path: str) -> None:
    manager.open(path).sees("Afgerond").sees("Is er een diploma?").audit()


def in_english(town: Visitor, path: str) -> None:
    """Read the same pages in English; nothing is left in Dutch but what people wrote."""
    town.open(path)
    town.page.get_by_role("banner").get_by_text("Utrecht").first.click()
    town.page.get_by_role("button", name="English").click()
    for place, words in (
        (path, "Warm handover"),
        (f"{path}/profiel", "Client profile"),
        ("/taken?tab=done", "Tasks"),
        ("/meldingen", "Notices"),
    ):
        town.open(place).audit().fits()
        expect(town.page.get_by_role("main")).to_contain_text(words)
        expect(town.page.locator("html")).to_have_attribute("lang", "en")
