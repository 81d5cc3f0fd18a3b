"""The pages of what promising links are reckoned from: tables, weights, and own dwellings."""

import io
from collections.abc import Callable

import pytest

from tests.web.conftest import Visitor
from tests.world import UTRECHT, World

AsUser = Callable[[str], Visitor]
HEAD = "region_number,occupation_group,valid_from,vacancies,seekers,source"
DEMAND = "/beheer/koppelgegevens/arbeidsvraag"
TABLES = ("arbeidsvraag", "woningen", "ziekenhuizen", "talen")


def send(visitor: Visitor, text: str, **values: str) -> None:
    visitor.get(DEMAND)
    file = (io.BytesIO(text.encode()), "vraag.csv")
    sent = {"csrf_token": visitor.token(), "file": file, **values}
    visitor.read(visitor.client.post(DEMAND, data=sent, follow_redirects=True))


def test_a_file_is_checked_stored_and_shown_with_its_source(as_user: AsUser, world: World) -> None:
    manager = as_user("functional_manager")
    send(manager, f"{HEAD}\n14,71,2017-01-01,20,10,UWV januari\n", check="1")
    assert "1 rijen zijn goed" in manager.page
    assert "Nog geen rijen" in manager.page
    send(manager, f"{HEAD}\n14,71,2017-01-01,20,10,UWV januari\n")
    assert "1 van 1 rijen" in manager.page
    assert "UWV januari" in manager.page


def test_what_is_wrong_is_said_and_nothing_is_stored(as_user: AsUser, world: World) -> None:
    manager = as_user("functional_manager")
    send(manager, f"{HEAD}\n14,71,2017-01-01,20,10,UWV\n99,71,2017-01-01,veel,10,UWV\n")
    assert manager.status == 422
    assert "Rij 3, region_number" in manager.page
    assert "Rij 3, vacancies: Vul een heel getal in." in manager.page
    assert "Nog geen rijen" in manager.page
    manager.post(DEMAND)
    assert "Kies een bestand." in manager.page


def test_every_table_and_no_other_has_a_page(as_user: AsUser, world: World) -> None:
    manager = as_user("functional_manager")
    for name in TABLES:
        assert manager.get(f"/beheer/koppelgegevens/{name}").status_code == 200
    assert manager.get("/beheer/koppelgegevens/nationaliteit").status_code == 404


def test_new_weights_are_listed_with_their_reason(as_user: AsUser, world: World) -> None:
    manager = as_user("functional_manager")
    manager.get("/beheer/koppelgegevens/gewichten")
    others = ("education", "network", "language", "advice", "nearness")
    given = {f"{each}_weight": "10" for each in others}
    sent = given | {
        "occupation_weight": "50", "balance": "100",
        "valid_from": "2017-02-01", "reason": "Meer werk",
    }  # fmt: skip
    assert manager.post("/beheer/koppelgegevens/gewichten", sent).status_code == 303
    manager.get("/beheer/koppelgegevens/gewichten")
    assert "Meer werk" in manager.page
    answer = manager.post("/beheer/koppelgegevens/gewichten", sent | {"valid_from": "2017-01-01"})
    assert answer.status_code == 422
    assert "vanaf vandaag of later" in manager.page


def test_a_municipality_reports_its_own_dwellings(as_user: AsUser, world: World) -> None:
    officer = as_user("utrecht")
    officer.get("/woningen")
    assert "Nog geen opgave" in officer.page
    sent = {
        "municipality": UTRECHT, "month": "2017-03-01", "one_person": "7", "family": "2",
        "large_family": "0", "accessible": "0",
    }  # fmt: skip
    assert officer.post("/woningen", sent).status_code == 303
    officer.get("/woningen")
    assert "maart 2017" in officer.page
    assert "Opgave van de gemeente" in officer.page
    assert as_user("amsterdam").post("/woningen", sent).status_code == 404


@pytest.mark.parametrize("name", ["placement_officer", "case_manager", "auditor"])
def test_for_anybody_else_there_are_no_such_pages(as_user: AsUser, world: World, name: str) -> None:
    visitor = as_user(name)
    for address in (DEMAND, "/beheer/koppelgegevens/gewichten", "/woningen"):
        assert visitor.get(address).status_code == 404
