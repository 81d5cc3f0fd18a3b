"""The same road with nothing but a keyboard, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.site import PASSWORD, Site
from tests.factories import registered, v_number

pytestmark = pytest.mark.browser

_FOCUSED = """
() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const name = at.labels?.length ? at.labels[0].textContent : at.textContent;
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [(name || "").trim(), shown];
}
"""
_FARTHEST = 120


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus; it must show on the way."""
    passed = []
    for _ in range(_FARTHEST):
        page.keyboard.press("Tab")
        reached, shown = page.evaluate(_FOCUSED)
        assert shown, f"the focus on {reached!r} does not show"
        passed.append(reached)
        if reached == name:
            return
    raise AssertionError(f"Tab never reaches {name!r}, but {passed}")


def test_a_keyboard_is_enough(visit: Visit, site: Site) -> None:
    made = registered(site.world, actor="case_manager")
    visitor = visit(None).open("/aanmelden").heading("Aanmelden")
    page = visitor.page
    # The page begins at the first thing to type.
    expect(page.get_by_label("E-mailadres")).to_be_focused()
    page.keyboard.type("case_manager@example.org")
    tab_to(page, "Wachtwoord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    visitor.heading("Werkvoorraad")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED) == ["Naar de inhoud", True]
    page.keyboard.press("Enter")
    tab_to(page, "Noor Voorbeeld")
    page.keyboard.press("Enter")
    visitor.heading("Noor Voorbeeld")
    assert visitor.path == f"/dossiers/{made.case}"
    tab_to(page, "Volwassene screenen")
    page.keyboard.press("Enter")

    visitor.heading("Volwassene screenen")
    tab_to(page, "Hoogste opleiding (niet verplicht)")
    page.keyboard.type("Bach")
    tab_to(page, "Eerder gewoond in regio (niet verplicht)")
    page.keyboard.type("Groningen")
    tab_to(page, "Volwassene screenen")
    page.keyboard.press("Enter")
    visitor.sees("Volwassene screenen is vastgelegd.")


def test_scripts_are_not_needed(visit: Visit) -> None:
    manager = visit("case_manager", scripts=False).open("/registreren")
    people = manager.page.get_by_role("group", name="Leden van het huishouden")
    first, second = (people.get_by_role("group", name=f"Persoon {number}") for number in (1, 2))
    manager.fill(Datum_vergunning="2017-01-20")
    person = {"Achternaam": "Zonderscript", "Nationaliteit": "syr"}
    manager.fill(
        first,
        **person,
        **{
            "V-nummer": v_number(),
            "Voornamen": "Hana",
            "Geboortedatum": "1991-02-03",
            "Geslacht": "Vrouw",
            "Plaats in het huishouden": "Hoofdpersoon",
        },
    )
    people.get_by_role("button", name="Persoon toevoegen").click()
    expect(first.get_by_label("Voornamen")).to_have_value("Hana")
    manager.fill(
        second,
        **person,
        **{
            "V-nummer": v_number(),
            "Voornamen": "Yusuf",
            "Geboortedatum": "1989-07-08",
            "Geslacht": "Man",
            "Plaats in het huishouden": "Partner",
        },
    )
    manager.press("Huishouden registreren").heading("Hana Zonderscript").sees("Paar, 2 personen")
    home = manager.path
    for _ in range(2):
        manager.open(home).link("Volwassene screenen").heading("Volwassene screenen")
        manager.fill(Hoogste_opleiding="Basisonderwijs").press("Volwassene screenen")
        manager.sees("Volwassene screenen is vastgelegd.")
    manager.link("Screening afronden").heading("Screening afronden").press("Screening afronden")
    manager.sees("Gescreend")

    officer = visit("placement_officer", scripts=False).open("/werkvoorraad?tab=mine")
    row = officer.page.get_by_role("row").filter(has_text="Hana Zonderscript")
    row.get_by_role("link", name="Koppelen aan gemeente").click()
    officer.enter("Gemeente", "Bunnik").press("Koppelen aan gemeente")
    officer.sees("Koppelen aan gemeente is vastgelegd.").sees("Bunnik")

    town = visit("bunnik", scripts=False).open("/")
    row = town.heading("Gemeente").page.get_by_role("row").filter(has_text="Hana Zonderscript")
    row.get_by_role("button", name="Oppakken").click()
    town.heading("Hana Zonderscript").sees("In voorbereiding")
