"""Whatever is put into a field or an address: an answer in plain words, never a breakdown."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event, text

from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.web.test_forms import SUSPENSION, events
from tests.world import World
from workflows.steps import BY_CODE

AsUser = Callable[[str], Visitor]
NOBODY = "a" * 16
_NAMES = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
_OURS = frozenset({"csrf_token", "theme", "language", "query", "form_version", "form_key"})
HOSTILE = (
    "a\x00b", "\u202egnp.exe", "<script>alert(1)</script>", "%(x)s {0} {x}", "0001-01-01",
    "31-02-2017", "1" * 31, "NaN", "1e999", "²", "x" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize(("state", "user"), [("preparing", "case_manager"), ("linked", "utrecht")])
def test_no_value_breaks_the_form_of_a_step(
    as_user: AsUser, world: World, state: str, user: str
) -> None:
    case = household_in(state, world).case
    visitor = as_user(user)
    sent = 0
    for code in BY_CODE:
        path = f"/dossiers/{case}/{code}"
        if visitor.get(path).status_code != 200:
            continue
        names = set(_NAMES.findall(visitor.page)) - _OURS
        for value in HOSTILE if names else ():
            answer = visitor.post(path, dict.fromkeys(names, value))
            assert answer.status_code in {409, 422}, (code, value)
            assert "<script>alert" not in answer.get_data(as_text=True)
            sent += 1
    assert sent > len(HOSTILE)


@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("manager", "/taakstelling/regels?cijfer=realised&gemeente=GM%00%00%00%00"),
        ("manager", "/doorstroom/huishoudens?na=2017-01-01~%00"),
        ("administrator", "/beheer/gebruikers?na=%00"),
        ("administrator", "/beheer/gebruikers?na=x&na=%00"),
    ],
)
def test_an_address_that_no_text_can_hold_is_not_there(
    as_user: AsUser, user: str, path: str
) -> None:
    assert as_user(user).get(path).status_code == 404


@pytest.mark.parametrize("target", ["//[", "http://[", "/[", "///evil.example", "\x00"])
def test_a_broken_address_to_go_on_to_is_left(visitor: Visitor, target: str) -> None:
    visitor.get("/aanmelden")
    values = {"email": "case_manager@example.org", "password": "not it", "next": target}
    assert visitor.post("/aanmelden", values).status_code == 401


def test_a_broken_referrer_leads_home(as_user: AsUser) -> None:
    manager = as_user("case_manager")
    values = {"csrf_token": manager.token(), "language": "nl"}
    answer = manager.client.post("/taal", data=values, headers={"Referer": "http://["})
    assert answer.location == "/"


def test_a_form_of_countless_fields_is_not_read(as_user: AsUser) -> None:
    manager = as_user("case_manager")
    fields = {f"remove-{number}": "1" for number in range(10_001)}
    assert manager.post("/registreren", fields).status_code == 413
    assert "Er is niets opgeslagen" in manager.page


@pytest.mark.parametrize("organisation", ["\x00", NOBODY, "x" * 500])
def test_a_view_is_shared_with_organisations_only(as_user: AsUser, organisation: str) -> None:
    manager = as_user("case_manager")
    values = {"name": "Vandaag", "query": "tab=mine", "share_with": organisation}
    assert manager.post("/werkvoorraad/weergaven", values).status_code == 303
    manager.get("/werkvoorraad")
    assert "Delen kan alleen met een organisatie waar u werkt." in manager.page


@pytest.mark.parametrize("key", ["", "kort", "a\x00bcdefgh", "é" * 20, "x" * 300])
def test_assigning_needs_no_key_that_can_be_kept(as_user: AsUser, world: World, key: str) -> None:
    case = household_in("preparing", world).case
    before = events(world, case)
    manager = as_user("case_manager")
    manager.get("/werkvoorraad")
    for sent in ([case], ["\x00", "x" * 300, case + "\x00"]):
        answer = manager.post("/werkvoorraad/toewijzen", {"case": sent, "form_key": key})
        assert answer.status_code == 302
    assert events(world, case) == before + 1


def test_a_step_without_the_right_shows_no_form(as_user: AsUser, world: World) -> None:
    case = household_in("linked", world).case
    officer = as_user("utrecht")
    officer.get(f"/dossiers/{case}")
    for code in ("end", "link", "change_centre"):
        assert officer.post(f"/dossiers/{case}/{code}", {"form_key": NOBODY}).status_code == 404


def _wait_briefly(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")


def test_a_case_that_is_held_keeps_what_was_typed(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    before = events(world, case)
    manager = as_user("case_manager")
    manager.get(f"/dossiers/{case}/suspend")
    event.listen(world.engine, "begin", _wait_briefly)
    with world.engine.begin() as connection:
        hold = text("SELECT 1 FROM case_file WHERE reference = :case FOR NO KEY UPDATE")
        connection.execute(hold, {"case": case})
        answer = manager.post(f"/dossiers/{case}/suspend", SUSPENSION)
    assert answer.status_code == 409
    assert "Iemand anders is hier net mee bezig" in manager.page
    assert "Ligt in het ziekenhuis." in manager.page
    assert manager.post(f"/dossiers/{case}/suspend", SUSPENSION).status_code == 302
    assert events(world, case) == before + 1
