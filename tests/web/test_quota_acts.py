"""The quota officer's pages: divide, revise, exempt, populations; refusals beside the field."""

import re
from collections.abc import Callable

import pytest

from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.world import BUNNIK, EXEMPT, TODAY, World

DIVIDE = "/taakstelling/verdelen"
PREVIEW = f"{DIVIDE}?halfjaar=2017-I&aantal=13000"
NUMBER = {"half_year": "2017-I", "persons": "13000", "method": "published_half_up"}


def test_both_methods_stand_side_by_side_before_anything_is_stored(
    as_user: Callable[[str], Visitor],
) -> None:
    visitor = as_user("quota_officer")
    visitor.get(PREVIEW)
    assert visitor.status == 200
    for words in ("13.196", "+196 op 13.000", "+0 op 13.000", "Ten Boer"):
        assert words in visitor.page
    assert "Gaat in op" not in visitor.page


def test_a_number_is_assigned_once_and_then_revised(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    visitor.get(PREVIEW)
    assert visitor.post(DIVIDE, NUMBER).status_code == 422
    assert "Vul dit veld in." in visitor.page
    assert visitor.post(DIVIDE, NUMBER | {"source": "Staatscourant"}).status_code == 302
    again = NUMBER | {"source": "Brief", "persons": "14000"}
    visitor.get(f"{DIVIDE}?halfjaar=2017-I&aantal=14000")
    assert "Verschil met nu" in visitor.page
    assert visitor.post(DIVIDE, again).status_code == 422
    assert "Vul in vanaf welke dag" in visitor.page
    assert visitor.post(DIVIDE, again | {"effective_on": "2017-02-01"}).status_code == 302
    visitor.get(f"{DIVIDE}?halfjaar=2017-I&aantal=14000")
    assert "is herzien" in visitor.page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("halfjaar=2017-III&aantal=5", "Schrijf het halfjaar als"),
        ("halfjaar=2017-I&aantal=-5", "ten minste 0"),
        ("halfjaar=2017-I&aantal=veel", "Vul een heel getal in"),
        ("halfjaar=2017-I", "Vul dit veld in"),
        ("halfjaar=2090-I&aantal=5", "Het inwonertal op"),
    ],
)
def test_a_number_that_is_none_is_named(
    as_user: Callable[[str], Visitor], query: str, words: str
) -> None:
    visitor = as_user("quota_officer")
    visitor.get(f"{DIVIDE}?{query}")
    assert visitor.status == 200
    assert words in visitor.page


def test_a_broken_number_in_the_form_is_named_too(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    visitor.get(PREVIEW)
    assert (
        visitor.post(DIVIDE, {"half_year": "x", "persons": "1", "method": "y"}).status_code == 422
    )
    assert "Schrijf het halfjaar als" in visitor.page


def test_exemptions_are_given_and_ended(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    path = "/taakstelling/vrijstellingen"
    visitor.get(path)
    assert "Vlagtwedde" in visitor.page
    assert "centrale opvangtaak: aanmeldcentrum Ter Apel" in visitor.page
    visitor.post("/taal", {"language": "en"})
    visitor.get(path)
    assert "central reception task: application centre Ter Apel" in visitor.page
    visitor.post("/taal", {"language": "nl"})
    visitor.get(path)
    given = {"municipality": "Bunnik", "valid_from": "01-07-2017", "reason": "Nieuw centrum"}
    assert visitor.post(path, given | {"municipality": "Nergens"}).status_code == 422
    assert visitor.post(path, given).status_code == 303
    visitor.get(f"{path}/{BUNNIK}/2017-07-01")
    assert "Nieuw centrum" in visitor.page
    ending = f"{path}/{BUNNIK}/2017-07-01"
    assert visitor.post(ending, {"valid_until": "2017-06-01"}).status_code == 422
    assert visitor.post(ending, {"valid_until": "2018-01-01"}).status_code == 303
    assert (
        visitor.post(f"{path}/{EXEMPT}/gisteren", {"valid_until": "2018-01-01"}).status_code == 422
    )


def test_populations_are_read_in(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    path = "/taakstelling/inwonertallen"
    visitor.get(path)
    assert "16.979.120" in visitor.page
    table = {"on_date": "2018-01-01", "table": f"municipality_code,persons\r\n{BUNNIK},15000\r\n"}
    assert visitor.post(path, table | {"table": "x,y\r\n1,2"}).status_code == 422
    assert visitor.post(path, table).status_code == 303
    visitor.get(path)
    assert "15.000" in visitor.page


@pytest.mark.parametrize("name", ["utrecht", "supervisor", "manager", "case_manager"])
def test_others_find_none_of_it(as_user: Callable[[str], Visitor], name: str) -> None:
    visitor = as_user(name)
    for path in (PREVIEW, "/taakstelling/vrijstellingen", "/taakstelling/inwonertallen"):
        visitor.get(path)
        assert visitor.status == 404


TRANSFERS = "/taakstelling/overdrachten"


def test_a_transfer_is_proposed_and_answered_on_its_pages(
    as_user: Callable[[str], Visitor],
) -> None:
    officer, bunnik = as_user("quota_officer"), as_user("bunnik")
    officer.get(PREVIEW)
    officer.post(DIVIDE, NUMBER | {"source": "Staatscourant"})
    utrecht = as_user("utrecht")
    utrecht.get(f"{TRANSFERS}/nieuw")
    given = {
        "giver": "Utrecht",
        "taker": "Vlagtwedde",
        "half_year": "2017-I",
        "persons": "10",
        "effective_on": "2017-02-01",
        "reason": "Afspraak",
        "form_reference": "a" * 16,
    }
    assert utrecht.post(f"{TRANSFERS}/nieuw", given | {"persons": "-1"}).status_code == 422
    assert utrecht.post(f"{TRANSFERS}/nieuw", given).status_code == 422
    assert "vrijgesteld" in utrecht.page
    sent = given | {"taker": "Bunnik"}
    assert utrecht.post(f"{TRANSFERS}/nieuw", sent).status_code == 303
    assert utrecht.post(f"{TRANSFERS}/nieuw", sent).status_code == 303
    page = f"{TRANSFERS}/{'a' * 16}"
    bunnik.get(TRANSFERS)
    assert bunnik.page.count("Aan u") == 1
    assert "uitruil wacht op antwoord" in bunnik.page
    assert "uitruil wacht op antwoord" not in utrecht.page
    bunnik.get("/gemeente")
    assert f'href="{page}"' in bunnik.page
    assert f'href="/taakstelling?gebied={BUNNIK}"' in bunnik.page
    utrecht.get("/gemeente")
    assert f'href="{page}"' not in utrecht.page
    bunnik.get(page)
    assert "Antwoord van Bunnik" in bunnik.page
    assert "Uitruil intrekken" not in bunnik.page
    declined = bunnik.post(f"{page}/antwoord/taker", {"answer": "declined"})
    assert declined.status_code == 422
    assert "Leg uit waarom" in bunnik.page
    assert bunnik.post(f"{page}/antwoord/proposer", {"answer": "confirmed"}).status_code == 404
    assert bunnik.post(f"{page}/antwoord/taker", {"answer": "confirmed"}).status_code == 303
    bunnik.get(page)
    assert "de uitruil is geboekt" in bunnik.page
    late = utrecht.post(f"{page}/intrekken", {"reason": "Bij nader inzien"})
    assert late.status_code == 422
    assert "al door beide gemeenten bevestigd" in utrecht.page


@pytest.mark.parametrize("name", ["supervisor", "manager", "case_manager"])
def test_transfers_are_not_for_others(as_user: Callable[[str], Visitor], name: str) -> None:
    visitor = as_user(name)
    for path in (TRANSFERS, f"{TRANSFERS}/nieuw", f"{TRANSFERS}/{'a' * 16}"):
        visitor.get(path)
        assert visitor.status == 404


def test_a_transfer_of_others_is_not_there(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("amsterdam")
    visitor.get(f"{TRANSFERS}/{'b' * 16}")
    assert visitor.status == 404


def test_municipalities_merge_on_their_page(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    path = "/taakstelling/herindelingen"
    visitor.get(path)
    given = {
        "on_date": "2017-01-01",
        "predecessors": "Veghel, Schijndel, Sint-Oedenrode",
        "successor": "gm1948",
        "name": "Meierijstad",
    }
    for changes, words in (
        ({"on_date": "2017-01-02"}, "op 1 januari"),
        ({"predecessors": "Veghel, Veghel"}, "staat er twee keer"),
        ({"predecessors": ""}, "Vul dit veld in"),
        ({"successor": "Meierijstad"}, "GM met vier cijfers"),
    ):
        for act in (path, f"{path}/voorbeeld"):
            assert visitor.post(act, given | changes).status_code == 422
            assert words in visitor.page
    assert visitor.post(f"{path}/voorbeeld", given).status_code == 200
    assert "Wat er meegaat naar Meierijstad" in visitor.page
    assert 'name="predecessors" value="Veghel, Schijndel, Sint-Oedenrode"' in visitor.page
    assert "Vastgelegde herindelingen" in visitor.page
    assert "Nog geen herindelingen" in visitor.page
    assert visitor.post(path, given).status_code == 303
    visitor.get(path)
    assert visitor.page.count("Meierijstad") >= 3
    assert visitor.post(path, given).status_code == 422
    visitor.get("/taakstelling")
    assert "388" in visitor.page
    check_ways_between_names(visitor)


def check_ways_between_names(visitor: Visitor) -> None:
    """Walk from the old name to the new one and back, and to what is left under the old."""
    visitor.get("/taakstelling?gebied=GM0860&datum=2017-02-01")
    assert "Veghel bestaat op deze datum niet meer" in visitor.page
    assert "Totaaloverzicht" not in visitor.page
    onward = re.search(r'href="([^"]+)">Naar Meierijstad', visitor.page)
    back = re.search(r'href="([^"]+)">Stand van Veghel op 1 januari 2017', visitor.page)
    assert onward is not None
    assert back is not None
    visitor.get(onward[1])
    assert "Hierin gingen op:" in visitor.page
    assert "datum=2017-01-01&gebied=GM0844" in visitor.page
    visitor.get(back[1])
    assert "Totaaloverzicht" in visitor.page
    assert "Op 1 januari 2017 ging deze gemeente op in:" in visitor.page
    visitor.get("/taakstelling?gebied=GM1948&datum=2016-12-01")
    assert "Meierijstad bestaat op deze datum nog niet" in visitor.page
    assert "gebied=GM0846" in visitor.page
    visitor.get("/taakstelling?zoek=schijndel&datum=2017-02-01")
    assert "Bestaat op deze datum niet:" in visitor.page
    visitor.get("/taakstelling?gebied=GM0860&datum=2017-02-01&bekend=2016-12-31")
    assert "bestaat op deze datum niet meer" not in visitor.page


def test_the_quota_officer_reverses_a_line_once(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    path = "/taakstelling/correcties"
    visitor.get(f"{path}?gemeente=Utrecht&halfjaar=2017-I")
    found = re.search(r'href="(/taakstelling/correcties/\d+)"', visitor.page)
    assert found is not None
    visitor.get(found[1])
    assert "room for tests" in visitor.page
    assert visitor.post(found[1], {"reason": ""}).status_code == 422
    assert visitor.post(found[1], {"reason": "Verkeerd"}).status_code == 303
    visitor.get(found[1])
    assert "Deze regel is al teruggedraaid." in visitor.page
    assert visitor.post(found[1], {"reason": "Nog eens"}).status_code == 422
    visitor.get(f"{path}?gemeente=GM0344&halfjaar=2017-I")
    assert "Draait een regel terug" in visitor.page
    for query, words in (
        ("gemeente=Nergens", "geen gemeente met deze naam"),
        ("gemeente=Utrecht&halfjaar=2017-III", "Schrijf het halfjaar als"),
    ):
        visitor.get(f"{path}?{query}")
        assert words in visitor.page
    visitor.get(f"{path}/999999")
    assert visitor.status == 404


def test_a_realisation_is_disputed_and_settled(
    world: World, as_user: Callable[[str], Visitor]
) -> None:
    made = household_in("housed", world, household(2))
    made.take("sign_off", "case_manager", booked_on=TODAY, signed_off=made.members[:1])
    path = "/taakstelling/aansluiting"
    utrecht, manager = as_user("utrecht"), as_user("case_manager")
    utrecht.get(path)
    assert made.members[1] in utrecht.page
    check_lists(utrecht, path, *made.members)
    utrecht.get(f"{path}/personen/{made.members[0]}")
    answer = utrecht.post(f"{path}/personen/{made.members[0]}", {"reason": "Onbekend hier"})
    assert answer.status_code == 303
    manager.get(answer.headers["Location"])
    assert "Onbekend hier" in manager.page
    assert "Afhandelen" not in manager.page
    manager.get(f"{path}/personen/{made.members[0]}")
    assert manager.status == 404
    settled = {"settlement": "corrected", "explanation": "Hersteld"}
    utrecht.get(answer.headers["Location"])
    assert utrecht.post(answer.headers["Location"], settled).status_code == 422
    assert "nog niet gecorrigeerd" in utrecht.page
    agreed = settled | {"settlement": "agreed"}
    assert utrecht.post(answer.headers["Location"], agreed).status_code == 303
    for name in ("supervisor", "manager", "quota_officer"):
        other = as_user(name)
        for there in (path, f"{path}/lijst/verhuisd", f"{path}/lijst/verhuisd.csv"):
            other.get(there)
            assert other.status == 404


def check_lists(visitor: Visitor, path: str, counted: str, waiting: str) -> None:
    """Open the lists page by page and as files."""
    visitor.get(f"{path}/lijst/verhuisd")
    assert waiting in visitor.page
    assert counted not in visitor.page
    for number in ("0", "x", "99999"):
        visitor.get(f"{path}/lijst/verhuisd?blad={number}")
        assert visitor.status == 404
    visitor.get(f"{path}/lijst/verhuisd?blad=2")
    assert waiting not in visitor.page
    for form in ("xlsx", "ods"):
        assert visitor.client.get(f"{path}/lijst/verhuisd.{form}").status_code == 200
    for name, person in (("verhuisd", waiting), ("afgemeld", counted)):
        table = visitor.client.get(f"{path}/lijst/{name}.csv").get_data(as_text=True)
        assert table.count(person) == 1
        assert len(table.splitlines()) == 2


def test_the_supervisor_proposes_and_decides(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("supervisor")
    visitor.get("/toezicht")
    assert "Bunnik" in visitor.page
    assert "Amsterdam" not in visitor.page
    assert visitor.post("/toezicht/voorstellen", {"half_year": "2017-I"}).status_code == 422
    assert "De toetsdatum van 2017-I" in visitor.page
    assert visitor.post("/toezicht/verwijtbaarheid", {"half_year": "2017-I"}).status_code == 422
    assert visitor.post("/toezicht/voorstellen", {"half_year": "2016-II"}).status_code == 303
    page = f"/toezicht/gemeenten/{BUNNIK}"
    visitor.get(page)
    assert "Criteria die golden" in visitor.page
    decision = {"step": "1", "decided_on": "2017-02-01", "reason": "Eerste signaal"}
    assert visitor.post(page, decision | {"step": "7"}).status_code == 422
    assert visitor.post(page, decision).status_code == 303
    visitor.get(page)
    assert "Eerste signaal" in visitor.page
    visitor.get("/toezicht/criteria")
    criterion = {
        "step": "2",
        "valid_from": "2017-02-01",
        "backlog_from": "3",
        "missed_in_a_row": "1",
        "registration_lag_days": "14",
        "source": "Besluit",
    }
    assert visitor.post("/toezicht/criteria", criterion | {"step": "0"}).status_code == 422
    assert visitor.post("/toezicht/criteria", criterion).status_code == 303
    visitor.get("/toezicht/gemeenten/GM0363")
    assert visitor.status == 404
