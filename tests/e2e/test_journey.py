"""A household travels home before the eyes of the users who take it there."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.factories import v_number

pytestmark = pytest.mark.browser

HEAD, CHILD = "Selam Voorbeeld", "Abel Voorbeeld"
TODAY = "2017-02-01"


@dataclass
class Travellers:
    """The household, as its users know it: where its page is."""

    path: str = ""


def seen(visitor: Visitor, what: str) -> None:
    """Expect the page of the case to say what was done, and axe to find nothing wrong."""
    expect(visitor.page.get_by_role("status").first).to_contain_text(f"{what} is vastgelegd.")
    visitor.audit()


def take(visitor: Visitor, home: Travellers, act: str, **values: str) -> None:
    """Take an act from the page of the case: the one in front, or one of the others."""
    visitor.open(home.path)
    link = visitor.page.get_by_role("main").get_by_role("link", name=act, exact=True).first
    if not link.is_visible():
        visitor.page.get_by_text("Andere handelingen").click()
    link.click()
    visitor.heading(act).audit()
    visitor.fill(**values).press(act)
    seen(visitor, act)


def next_act(visitor: Visitor, home: Travellers) -> Locator:
    """Open the page of the case and return the act in front."""
    visitor.open(home.path)
    return (
        visitor.page.get_by_role("region")
        .filter(has_text="Volgende handeling")
        .get_by_role("heading", level=2)
    )


def test_a_household_travels_home(visit: Visit) -> None:
    home = Travellers()
    manager = visit("case_manager")
    register(manager, home)
    screen(manager, home)

    officer = visit("placement_officer")
    link(officer, home)
    elsewhere = visit("amsterdam")
    sees_nothing(elsewhere, home)

    town = visit("utrecht")
    take_up(town, home)
    prepare(manager, home)
    offer(town, home, rooms="3")
    refuse(manager, visit("second_placement_officer"), home)
    offer(town, home, rooms="4")
    take(manager, home, "Woning accepteren", Datum_bezichtiging=TODAY)
    take(
        town,
        home,
        "Huurcontract vastleggen",
        Datum_huurcontract=TODAY,
        Verhuizing_gepland_op=TODAY,
    )
    take(town, home, "Verhuizing vastleggen", Verhuisd_op=TODAY)
    before = realised(town)
    take(manager, home, "Afmelden", Afgemeld_op=TODAY)
    counted(town, visit("manager"), before)
    close(manager, home)
    sees_nothing(elsewhere, home)


def register(manager: Visitor, home: Travellers) -> None:
    manager.open("/").heading("Werkvoorraad").audit().link("Huishouden registreren")
    manager.heading("Huishouden registreren").audit()
    manager.fill(Soort_dossier="Asiel", Datum_vergunning="2017-01-20")
    people = manager.page.get_by_role("group", name="Leden van het huishouden")
    first = people.get_by_role("group", name="Persoon 1")
    manager.fill(
        first,
        **{
            "V-nummer": v_number(),
            "Voornamen": "Selam",
            "Achternaam": "Voorbeeld",
            "Geboortedatum": "1988-04-12",
            "Geslacht": "Vrouw",
            "Talen": "Tigrinya, Engels",
            "Plaats in het huishouden": "Hoofdpersoon",
        },
    )
    manager.pick("Nationaliteit", "ER", "ERI", first)
    people.get_by_role("button", name="Persoon toevoegen").click()
    second = people.get_by_role("group", name="Persoon 2")
    expect(second.get_by_label("V-nummer")).to_be_focused()
    expect(second.get_by_label("V-nummer")).to_have_value("")
    manager.audit()
    manager.fill(
        second,
        **{
            "V-nummer": v_number(),
            "Voornamen": "Abel",
            "Achternaam": "Voorbeeld",
            "Geboortedatum": "2012-09-30",
            "Geslacht": "Man",
            "Plaats in het huishouden": "Kind",
        },
    )
    manager.pick("Nationaliteit", "ER", "ERI", second)
    manager.press("Huishouden registreren")
    seen(manager, "Huishouden registreren")
    home.path = manager.path
    manager.heading(HEAD).sees("Eenoudergezin, 2 personen")


def screen(manager: Visitor, home: Travellers) -> None:
    expect(next_act(manager, home)).to_have_text("Volwassene screenen")
    manager.link("Volwassene screenen").heading("Volwassene screenen").audit()
    main = manager.page.get_by_role("main")
    # The only adult is chosen already, and a child is not offered.
    expect(main.get_by_role("radio", name=HEAD)).to_be_checked()
    expect(main.get_by_role("radio", name=CHILD)).to_have_count(0)
    manager.fill(Datum_gesprek="2017-01-27", Hoogste_opleiding="Bachelor")
    main.get_by_role("button", name="Baan toevoegen").click()
    manager.pick("Beroep", "carpen", "Carpenter").fill(Aantal_jaren="6")
    expect(main.get_by_label("Datum gesprek")).to_have_value("2017-01-27")
    manager.audit().press("Volwassene screenen")
    seen(manager, "Volwassene screenen")
    manager.tab("Onderdelen van het dossier", "Personen")
    manager.sees("Bouwvakkers (geen elektriciens) (7115), 6 jaar").audit()
    expect(next_act(manager, home)).to_have_text("Screening afronden")
    take(
        manager,
        home,
        "Screening afronden",
        **{"Geadviseerde arbeidsmarktregio's": "Midden-Utrecht"},
    )
    manager.sees("Gescreend")


def link(officer: Visitor, home: Travellers) -> None:
    officer.open("/").heading("Werkvoorraad").tab("Werkvoorraad", "Mijn werk").audit()
    row = officer.page.get_by_role("row").filter(has_text=HEAD)
    row.get_by_role("link", name="Koppelen aan gemeente").click()
    officer.heading("Koppelen aan gemeente").audit()
    # A municipality without room is refused beside the field, and nothing is lost.
    officer.enter("Gemeente", "Harlingen").press("Koppelen aan gemeente")
    expect(officer.page.get_by_role("alert")).to_contain_text("Er is niets opgeslagen")
    officer.audit()
    box = officer.page.get_by_role("combobox", name="Gemeente")
    expect(box).to_have_value("Harlingen")
    box.fill("")
    officer.pick("Gemeente", "utre", "Utrecht").audit().press("Koppelen aan gemeente")
    seen(officer, "Koppelen aan gemeente")
    officer.heading(HEAD).sees("Gekoppeld")


def sees_nothing(elsewhere: Visitor, home: Travellers) -> None:
    """Expect neither the lists nor the address to give the case away."""
    elsewhere.open("/gemeente").heading("Gemeente")
    expect(elsewhere.page.get_by_text(HEAD)).to_have_count(0)
    elsewhere.open("/werkvoorraad?tab=team").heading("Werkvoorraad")
    expect(elsewhere.page.get_by_text(HEAD)).to_have_count(0)
    box = elsewhere.page.get_by_role("searchbox", name="Zoek op V-nummer, BSN of naam")
    box.fill("Selam")
    box.press("Enter")
    elsewhere.heading("Zoekresultaten").sees("Niets gevonden").audit()
    for part in ("", "?deel=personen", "/offer_housing"):
        elsewhere.open(home.path + part, status=404).audit()
        expect(elsewhere.page.get_by_text(HEAD)).to_have_count(0)


def take_up(town: Visitor, home: Travellers) -> None:
    town.open("/").heading("Gemeente").audit()
    row = town.page.get_by_role("row").filter(has_text=HEAD)
    expect(row).to_contain_text("Eenoudergezin, 2 personen")
    row.get_by_role("button", name="Oppakken").click()
    seen(town, "Koppeling oppakken")
    assert town.path == home.path
    expect(next_act(town, home)).to_have_text("Woning aanbieden")


def prepare(manager: Visitor, home: Travellers) -> None:
    manager.open(home.path).tab("Onderdelen van het dossier", "Voorbereiding")
    manager.sees("Nog geen voorbereiding vastgelegd.").audit().link("Voorbereiding vastleggen")
    manager.heading("Voorbereiding vastleggen").audit()
    manager.fill(Onderdeel="Nederlandse les", Datum=TODAY, Uren="3", Resultaat="Loopt")
    manager.press("Voorbereiding vastleggen")
    seen(manager, "Voorbereiding vastleggen")
    manager.tab("Onderdelen van het dossier", "Voorbereiding").sees("Nederlandse les").audit()


def offer(town: Visitor, home: Travellers, rooms: str) -> None:
    town.open(home.path).link("Woning aanbieden").heading("Woning aanbieden").audit()
    town.fill(
        Soort_woning="Appartement",
        Aantal_kamers=rooms,
        Verhuurder="Woonstichting Voorbeeld",
        Beschikbaar_vanaf=TODAY,
    )
    town.enter("Huur per maand in euro's", "600,50").press("Woning aanbieden")
    seen(town, "Woning aanbieden")
    town.tab("Onderdelen van het dossier", "Woning").sees("600,50").audit()


def refuse(manager: Visitor, judge: Visitor, home: Travellers) -> None:
    take(
        manager,
        home,
        "Weigering vastleggen",
        Reden="Staat van de woning",
        Toelichting="Er zit schimmel in de slaapkamers.",
        Gewaarschuwd_voor_de_gevolgen="Ja",
        Belang_van_kinderen_gewogen="Ja",
    )
    manager.sees("Woning geweigerd")
    take(
        judge,
        home,
        "Weigering beoordelen",
        Oordeel="Terecht geweigerd",
        Motivering="Schimmel is een gezondheidsrisico.",
    )
    judge.sees("In voorbereiding")


def realised(town: Visitor) -> tuple[int, ...]:
    """Return what Utrecht, its province and the country have realised, by their own pages."""
    found = []
    for area in ("GM0344", "PV26", "NL"):
        town.open(f"/taakstelling?gebied={area}").heading("Taakstelling")
        found.append(whole(figure_g(town)))
    return tuple(found)


def figure_g(town: Visitor) -> Locator:
    """Return what is realised, as the overview of a page has it."""
    overview = town.page.get_by_role("table", name=re.compile("^Totaaloverzicht "))
    return overview.get_by_role("row", name=re.compile("^G Gerealiseerd ")).get_by_role("link")


def opened(visitor: Visitor) -> Visitor:
    """Open the list behind what is realised."""
    figure_g(visitor).click()
    return visitor.heading("Gerealiseerd")


def whole(place: Locator) -> int:
    """Return the number that a reader sees there."""
    return int(place.inner_text().replace(".", ""))


def counted(town: Visitor, manager: Visitor, before: tuple[int, ...]) -> None:
    """Expect two persons more in the town, its province and the country, and their names there."""
    after = realised(town)
    town.audit()
    assert after == tuple(each + 2 for each in before)
    opened(town.open("/taakstelling?gebied=GM0344")).audit()
    people = town.page.get_by_role("table", name="Regels achter dit cijfer")
    for name in (HEAD, CHILD):
        expect(people.get_by_role("row").filter(has_text=name)).to_have_count(1)
    town.open("/gemeente").heading("Gemeente").audit()
    expect(town.page.get_by_role("region", name="Ruimte van Utrecht")).to_contain_text(
        re.compile(rf"Gerealiseerd\s*{after[0]}\b")
    )
    # Who may see no names sees the same number; fewer than ten persons are one row.
    assert realised(manager) == after
    lines = opened(manager).audit().page.get_by_role("table")
    expect(lines.get_by_role("row")).to_have_count(2)
    expect(lines.get_by_role("row").last).to_contain_text("Kleine groepen samen")
    expect(lines).not_to_contain_text("Voorbeeld")


def close(manager: Visitor, home: Travellers) -> None:
    take(
        manager,
        home,
        "Dossier sluiten",
        Warme_overdracht="Niet gehouden",
        Reden_dat_er_geen_overdracht_was="De gemeente had geen tijd voor een gesprek.",
    )
    manager.sees("Gesloten")
    for part in ("Koppeling", "Overdracht", "Delen", "Tijdlijn"):
        manager.tab("Onderdelen van het dossier", part).audit()
    manager.sees("De gemeente had geen tijd voor een gesprek.").sees("Staat van de woning")
