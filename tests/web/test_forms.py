"""Forms keep what was typed, act once, and answer bad input beside its field."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.factories import household_in, live_members
from tests.web.conftest import Visitor
from tests.web.test_main_road import register
from tests.world import World

AsUser = Callable[[str], Visitor]
SUSPENSION = {"reason": "illness", "until": "2017-03-01", "explanation": "Ligt in het ziekenhuis."}


def events(world: World, case: str) -> int:
    with world.engine.connect() as connection:
        query = text(
            "SELECT count(*) FROM case_event e JOIN case_file c ON c.id = e.case_id"
            " WHERE c.reference = :case"
        )
        return int(connection.execute(query, {"case": case}).scalar_one())


def test_the_same_form_never_acts_twice(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    before = events(world, case)
    manager = as_user("case_manager")
    manager.get(f"/dossiers/{case}/suspend")
    hidden, token = dict(manager.hidden), manager.token()
    sent = {"csrf_token": token, **hidden, **SUSPENSION}
    first = manager.client.post(f"/dossiers/{case}/suspend", data=sent)
    second = manager.client.post(f"/dossiers/{case}/suspend", data=sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert events(world, case) == before + 1
    other = {**sent, "reason": "detention"}
    third = manager.client.post(f"/dossiers/{case}/suspend", data=other)
    assert third.status_code == 409
    assert events(world, case) == before + 1


def test_a_stale_form_keeps_what_was_typed(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    manager, colleague = as_user("case_manager"), as_user("colleague")
    manager.get(f"/dossiers/{case}/suspend")
    colleague.step(case, "record_stay", {"place": "hosting_scheme", "stays_from": "2017-02-01"})
    answer = manager.post(f"/dossiers/{case}/suspend", SUSPENSION)
    assert answer.status_code == 409
    assert "Colleague" in manager.page, "who changed it"
    assert "Verblijf vastgelegd" in manager.page, "what was changed"
    assert "Ligt in het ziekenhuis." in manager.page, "what was typed"
    again = manager.post(f"/dossiers/{case}/suspend", SUSPENSION)
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("permit_on", "2017-02-02", "Deze datum ligt in de toekomst."),
        ("permit_on", "31-02-2017", "Schrijf de datum als dag-maand-jaar"),
        ("permit_on", "", "Vul dit veld in."),
        ("members_to_add-0-v_number", "123", "Een V-nummer heeft tien cijfers"),
        ("members_to_add-0-bsn", "123456789", "Dit is geen geldig BSN."),
        ("members_to_add-0-given_names", "x" * 101, "ten hoogste 100 tekens"),
        ("members_to_add-0-given_names", "a\x00b", "tekens die niet kloppen"),
        ("members_to_add-0-sex", "onzin", "Kies een van de mogelijkheden."),
        ("centre", "a" * 16, "Deze opvanglocatie bestaat niet."),
        ("expected_members", "veel", "Vul een heel getal in."),
    ],
)
def test_bad_input_is_told_beside_its_field(
    as_user: AsUser, world: World, name: str, value: str, words: str
) -> None:
    manager = as_user("case_manager")
    typed = {
        "kind": "asylum", "permit_on": "2017-01-01", "centre": world.centre(),
        "members_to_add-0-v_number": "9990000002", "members_to_add-0-given_names": "Amina",
        "members_to_add-0-family_name": "Blijftstaan", "members_to_add-0-birth_date": "1990-05-01",
        "members_to_add-0-sex": "female", "members_to_add-0-nationality": "SYR",
        "members_to_add-0-role": "head", name: value,
    }  # fmt: skip
    manager.get("/registreren")
    answer = manager.post("/registreren", typed)
    assert answer.status_code == 422
    assert f'id="{name}-error"' in manager.page
    error = manager.page.split(f'id="{name}-error"')[1].split("</p>")[0]
    assert words in error
    assert "Blijftstaan" in manager.page
    with world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM case_file")).scalar_one() == 0


def test_broken_utf8_is_an_error_beside_the_field(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    manager = as_user("case_manager")
    manager.get(f"/dossiers/{case}/suspend")
    body = "&".join(f"{name}={value}" for name, value in manager.hidden.items())
    body += f"&csrf_token={manager.token()}&reason=illness&until=2017-03-01&explanation=a%ff%feb"
    answer = manager.client.post(
        f"/dossiers/{case}/suspend", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422
    assert "tekens die niet kloppen" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/dossiers/%ff%fe", "/personen/%00", "/werkvoorraad?na=x_y&stand=%ff&plaats=%00",
     "/werkvoorraad?na=2017-01-01_aaaaaaaaaaaaaaaa", "/suggesties/gemeenten?q=%00%ff",
     "/suggesties/beroepen?q=%25_\\"],
)  # fmt: skip
def test_broken_addresses_are_no_failures(as_user: AsUser, path: str) -> None:
    assert as_user("case_manager").get(path).status_code in {200, 404}


def test_oversized_requests_are_refused(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    manager = as_user("case_manager")
    answer = manager.step(case, "suspend", {**SUSPENSION, "explanation": "x" * 5_000_000})
    assert answer.status_code == 413


def test_names_are_shown_and_never_run(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    name = '<script>alert("x")</script>'
    case = register(manager, world, **{"members_to_add-0-given_names": name})
    for path in (f"/dossiers/{case}", f"/dossiers/{case}?deel=tijdlijn", "/werkvoorraad?tab=team"):
        body = manager.client.get(path).get_data(as_text=True)
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_groups_are_added_and_removed_without_scripts(as_user: AsUser) -> None:
    manager = as_user("case_manager")
    manager.get("/registreren")
    typed = {"members_to_add-0-family_name": "Eerste"}
    manager.post("/registreren", {**typed, "add-members_to_add": "1"})
    assert manager.status == 200
    assert "members_to_add-1-family_name" in manager.page
    typed["members_to_add-1-family_name"] = "Tweede"
    manager.post("/registreren", {**typed, "remove-members_to_add-0": "1"})
    assert "Tweede" in manager.page
    assert 'value="Eerste"' not in manager.page
    assert "members_to_add-1-family_name" not in manager.page


def test_a_forged_member_is_told_beside_the_field(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    stranger = live_members(world, household_in("preparing", world).case)[0]
    manager = as_user("case_manager")
    answer = manager.step(
        case,
        "record_preparation",
        {"member": stranger, "module": "dutch_lessons", "on_date": "2017-02-01", "hours": "3"},
    )
    assert answer.status_code == 422
    assert re.search(r'id="member-error".*hoort nu niet bij', manager.page, re.DOTALL)


def test_a_municipality_is_found_by_name_or_code(as_user: AsUser, world: World) -> None:
    officer = as_user("placement_officer")
    for typed, status in (("Nergens", 422), ("U", 422), ("GM0344", 302)):
        case = household_in("screened", world).case
        assert officer.step(case, "link", {"municipality": typed}).status_code == status
