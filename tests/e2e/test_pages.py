"""Every screen for a role that works with it: WCAG 2.2 AA, light and dark, 320 pixels wide."""

from collections.abc import Mapping
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor
from tests.factories import (
    Household,
    household,
    household_in,
    member,
    minor_in,
    registered,
    v_number,
)
from tests.handovers import handed_over
from workflows.steps import BY_CODE, STEPS

pytestmark = pytest.mark.browser

# Who takes each step, and where a case stands that it can be taken on.
FORMS: dict[str, tuple[str, str]] = {
    "screen": ("case_manager", "registered"),
    "complete_screening": ("case_manager", "registered"),
    "link": ("placement_officer", "screened"),
    "take_up": ("utrecht", "linked"),
    "ask_contest": ("utrecht", "linked"),
    "judge_contest": ("second_placement_officer", "contested"),
    "release_link": ("placement_officer", "preparing"),
    "record_preparation": ("case_manager", "preparing"),
    "offer_housing": ("utrecht", "preparing"),
    "withdraw_offer": ("utrecht", "offered"),
    "accept_offer": ("case_manager", "offered"),
    "refuse_offer": ("case_manager", "offered"),
    "judge_refusal": ("second_placement_officer", "refused"),
    "sign_lease": ("utrecht", "moving"),
    "house": ("utrecht", "linked"),
    "place_minor": ("case_manager", "minor"),
    "move_on": ("case_manager", "placed"),
    "sign_off": ("case_manager", "housed"),
    "close": ("case_manager", "housed"),
    "end": ("case_manager", "registered"),
    "suspend": ("case_manager", "registered"),
    "resume": ("case_manager", "suspended"),
    "correct": ("case_manager", "housed"),
    "add_member": ("case_manager", "registered"),
    "remove_member": ("case_manager", "family"),
    "split_household": ("case_manager", "family"),
    "merge_household": ("case_manager", "family"),
    "assign": ("case_manager", "registered"),
    "change_centre": ("case_manager", "registered"),
    "record_stay": ("case_manager", "registered"),
    "record_outcome": ("utrecht", "closed"),
    "add_document": ("case_manager", "registered"),
    "remove_document": ("utrecht", "linked"),
    "prepare_handover": ("case_manager", "preparing"),
    "offer_handover": ("case_manager", "handover_draft"),
    "ask_about_handover": ("utrecht", "handover_offered"),
    "answer_about_handover": ("case_manager", "handover_question"),
    "reject_handover": ("utrecht", "handover_offered"),
    "withdraw_handover": ("case_manager", "handover_offered"),
    "plan_interview": ("utrecht", "handover_accepted"),
    "complete_handover": ("utrecht", "handover_accepted"),
}
# Accepting stands on the page of the handover, which is among the pages; the others are taken by
# the program in its own name, or by the act of merging.
WITHOUT_FORM = {"accept_handover", "resume_on_time", "expire_handover", "follow_merger"}
HANDOVERS = ("draft", "offered", "question", "accepted")
PARTS = ("personen", "voorbereiding", "koppeling", "woning", "overdracht", "tijdlijn", "delen")
# Whose page, its path after the case it names between braces, and its heading.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("case_manager", "/werkvoorraad?tab=team", "Werkvoorraad"),
    ("case_manager", "/werkvoorraad?tab=mine", "Werkvoorraad"),
    ("case_manager", "/werkvoorraad?tab=team&stand=ended&te_laat=1", "Werkvoorraad"),
    ("placement_officer", "/werkvoorraad", "Werkvoorraad"),
    ("utrecht", "/werkvoorraad?tab=team", "Werkvoorraad"),
    ("centre_coordinator", "/werkvoorraad?tab=team", "Werkvoorraad"),
    ("case_manager", "/werkvoorraad/bulk", "handelingen"),
    ("case_manager", "/registreren", "Huishouden registreren"),
    ("case_manager", "/dossiers/{registered}", "Noor Voorbeeld"),
    ("utrecht", "/dossiers/{linked}", "Noor Voorbeeld"),
    ("placement_officer", "/dossiers/{contested}", "Noor Voorbeeld"),
    ("case_manager", "/dossiers/{suspended}", "Noor Voorbeeld"),
    ("guardian", "/dossiers/{minor}", "Noor Voorbeeld"),
    *(("utrecht", f"/dossiers/{{housed}}?deel={part}", "Noor Voorbeeld") for part in PARTS),
    *(("case_manager", f"/dossiers/{{refused}}?deel={part}", "Noor Voorbeeld") for part in PARTS),
    ("utrecht", "/dossiers/{handover_offered}/accept_handover", "Noor Voorbeeld"),
    ("utrecht", "/dossiers/{handover_accepted}?deel=overdracht", "Noor Voorbeeld"),
    ("case_manager", "/dossiers/{handover_question}?deel=overdracht", "Noor Voorbeeld"),
    ("case_manager", "/personen/{person}", "Noor Voorbeeld"),
    ("utrecht", "/gemeente", "Gemeente"),
    ("bunnik", "/gemeente", "Gemeente"),
    ("quota_officer", "/taakstelling?tonen=achterstand", "Taakstelling"),
    ("utrecht", "/taakstelling/regels?cijfer=realised&gemeente=GM0344", "Gerealiseerd"),
    ("auditor", "/taakstelling/regels?cijfer=remaining", "Nog te realiseren"),
    ("manager", "/doorstroom", "Doorstroom"),
    ("manager", "/doorstroom/huishoudens", "personen in"),
    ("manager", "/koppelen/afwijkingen", "Afwijkingen van voorstellen"),
    ("manager", "/koppelen/eerlijkheid", "Eerlijkheid"),
    ("placement_officer", "/koppelen", "Koppelen"),
    ("placement_officer", "/koppelen/huishoudens/{screened}", "Noor Voorbeeld"),
    ("placement_officer", "/koppelen/huishoudens/{screened}/waarom-niet", "Waarom niet"),
    ("placement_officer", "/koppelen/wat-als", "Wat als"),
    ("placement_officer", "/koppelen/berekeningen", "Uw berekeningen"),
    ("administrator", "/beheer/gebruikers", "Gebruikers"),
    ("administrator", "/beheer/gebruikers/{user}", "Utrecht"),
    ("functional_manager", "/hulp", "Hulp en begrippen"),
    ("utrecht", "/meldingen?alles=1", "Meldingen"),
    ("utrecht", "/meldingen/instellingen", "Mail instellen"),
    ("functional_manager", "/beheer/bezorging?keuze=all", "Bezorging"),
    ("functional_manager", "/beheer/webhooks", "Webhooks"),
    ("auditor", "/beheer/gegevenscontrole", "Gegevenscontrole"),
    ("auditor", "/beheer/logboek", "Logboek"),
    ("auditor", "/beheer/logboek?soort=reads", "Logboek"),
    ("functional_manager", "/beheer/normen", "Normen"),
    ("functional_manager", "/beheer/normen/meetellen", "Normen"),
)
FINISHED = "/dossiers/{registered}/sign_off"


@pytest.fixture(scope="module")
def cases(site: Site) -> Mapping[str, str]:
    """Return a case of each kind by its name, and a person and a user to look at."""
    world = site.world
    states = ("registered", "screened", "linked", "preparing", "offered", "refused", "moving")
    made = {state: household_in(state, world) for state in (*states, "housed", "closed", "ended")}
    made["preparing"].take(
        "record_preparation",
        "case_manager",
        member=made["preparing"].members[0],
        module="dutch_lessons",
        on_date=date(2017, 2, 1),
        hours=3,
    )
    made["contested"] = _then(
        household_in("linked", world), "ask_contest", "utrecht", ground="safety", explanation="Nee."
    )
    made["suspended"] = _then(
        registered(world), "suspend", "case_manager", reason="illness", until=date(2017, 2, 20)
    )
    made["minor"] = minor_in("linked", world)
    made["placed"] = _then(
        minor_in("linked", world),
        "place_minor",
        "case_manager",
        placed_on=date(2017, 2, 1),
        placement="small_scale_reception",
    )
    made["family"] = registered(world, household(adults=2, children=3))
    made |= {f"handover_{state}": handed_over(state, world) for state in HANDOVERS}
    names = {name: each.case for name, each in made.items()}
    others = {"person": made["preparing"].members[0], "user": world.references["utrecht"]}
    return names | others


def _then(made: Household, step: str, actor: str, /, **payload: object) -> Household:
    made.take(step, actor, **payload)
    return made


def looked_at(visitor: Visitor) -> None:
    """Look at the page with axe, narrow, and in the dark."""
    visitor.audit().fits()
    visitor.page.emulate_media(color_scheme="dark")
    visitor.audit()
    visitor.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize(("name", "path", "heading"), PAGES)
def test_a_page(visit: Visit, cases: Mapping[str, str], name: str, path: str, heading: str) -> None:
    looked_at(visit(name).open(path.format_map(cases)).heading(heading))


@pytest.mark.parametrize("code", FORMS)
def test_a_form(visit: Visit, cases: Mapping[str, str], code: str) -> None:
    name, state = FORMS[code]
    visitor = visit(name).open(f"/dossiers/{cases[state]}/{code}")
    looked_at(visitor.heading(BY_CODE[code].label))


def test_each_step_has_its_form_looked_at() -> None:
    forms = {step.code for step in STEPS if not step.opens_case}
    assert set(FORMS) == forms - WITHOUT_FORM


def test_pages_for_who_has_not_signed_in(visit: Visit) -> None:
    visitor = visit(None).open("/")
    looked_at(visitor.heading("Aanmelden"))
    visitor.enter("E-mailadres", "niemand@example.org").fill(Wachtwoord="verkeerd")
    visitor.press("Aanmelden").sees("Aanmelden is niet gelukt")
    looked_at(visitor)


def test_pages_about_what_cannot_be(visit: Visit, cases: Mapping[str, str]) -> None:
    visitor = visit("case_manager")
    looked_at(visitor.open("/dossiers/aaaaaaaaaaaaaaaa", status=404).heading("er niet"))
    looked_at(visitor.open(FINISHED.format_map(cases), status=409).sees("kan nu niet"))


def test_refused_forms(visit: Visit, cases: Mapping[str, str]) -> None:
    visitor = visit("case_manager").open("/registreren")
    visitor.fill(Voornamen="<b>Selam</b>").press("Huishouden registreren")
    summary = visitor.page.get_by_role("alert")
    expect(summary).to_contain_text("Er is niets opgeslagen")
    expect(summary).to_be_focused()
    expect(visitor.page.get_by_label("Voornamen")).to_have_value("<b>Selam</b>")
    looked_at(visitor)
    # Each problem leads to its field.
    summary.get_by_role("link").filter(has_text="Achternaam").click()
    expect(visitor.page.get_by_label("Achternaam")).to_be_focused()


def test_search(visit: Visit, cases: Mapping[str, str]) -> None:
    visitor = visit("case_manager").open("/werkvoorraad")
    box = visitor.page.get_by_role("searchbox", name="Zoek op V-nummer, BSN of naam")
    box.fill("Vorbeeld")
    box.press("Enter")
    visitor.heading("Zoekresultaten")
    expect(visitor.page.get_by_role("row").filter(has_text="Noor Voorbeeld").first).to_be_visible()
    assert "orbeeld" not in visitor.path
    looked_at(visitor)


def test_a_case_of_another_centre_by_its_v_number(visit: Visit, site: Site) -> None:
    number = v_number()
    registered(
        site.world,
        [member(v_number=number)],
        actor="far_case_manager",
        centre="azc Assen",
    )
    visitor = visit("case_manager").open("/werkvoorraad")
    box = visitor.page.get_by_role("searchbox", name="Zoek op V-nummer, BSN of naam")
    box.fill(number)
    box.press("Enter")
    looked_at(visitor.heading("Dossier van een andere locatie"))
    visitor.fill(Reden="Het huishouden staat hier aan de balie.").press("Dossier openen")
    looked_at(visitor.heading("Noor Voorbeeld"))


def test_saved_views_and_work_on_many_cases(visit: Visit, site: Site) -> None:
    for _ in range(2):
        registered(site.world, actor="second_case_manager", centre="azc Amsterdam")
    visitor = visit("second_case_manager").open("/werkvoorraad?tab=team&huishouden=single")
    visitor.page.get_by_text("Weergaven (0)").click()
    visitor.enter("Bewaar deze filters als", "Alleengaanden").press("Weergave bewaren")
    visitor.sees("De weergave is bewaard.").page.get_by_text("Weergaven (1)").click()
    looked_at(visitor)

    for box in visitor.page.get_by_role("checkbox", name="Dossier ").all():
        box.check()
    visitor.press("Handeling voor aangevinkte dossiers").heading("Handeling voor 2 dossiers")
    looked_at(visitor)
    visitor.press("Termijn opschorten").heading("Termijn opschorten")
    looked_at(visitor)
    visitor.fill(Reden="Ziekte").enter("Tot en met", "2017-02-20").press("Voorbeeld bekijken")
    looked_at(visitor.heading("Voorbeeld: Termijn opschorten"))
    visitor.press("Starten voor 2 dossiers").heading("Termijn opschorten")
    # The page follows the worker by itself.
    expect(visitor.page.get_by_role("main")).to_contain_text(
        "bij alle 2 dossiers gedaan", timeout=30_000
    )
    looked_at(visitor)


def test_english_and_the_dark_by_choice(visit: Visit, cases: Mapping[str, str]) -> None:
    visitor = visit("colleague").open(f"/dossiers/{cases['offered']}")
    page = visitor.page
    page.get_by_role("banner").get_by_text("Colleague").first.click()
    page.get_by_role("button", name="Donker").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.audit()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    for path in (
        "/",
        f"/dossiers/{cases['offered']}",
        "/registreren",
        "/taakstelling/regels?cijfer=quota",
    ):
        looked_at(visitor.open(path))
