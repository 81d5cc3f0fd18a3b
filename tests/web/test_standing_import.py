"""History by a page: checked, told per row and column, and taken over after a yes."""

import io
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.web.conftest import Visitor
from tests.world import UTRECHT

PAGE = "/taakstelling/geschiedenis"
HEAD = "municipality_code,half_year,kind,persons,booked_on"
GOOD = f"{UTRECHT},2017-I,realised,5,2017-01-05"


def send(visitor: Visitor, content: str | bytes | None) -> TestResponse:
    values: dict[str, object] = {"csrf_token": visitor.token()}
    if content is not None:
        octets = content.encode() if isinstance(content, str) else content
        values["file"] = (io.BytesIO(octets), "standen.csv")
    return visitor.read(visitor.client.post(PAGE, data=values))


@pytest.mark.parametrize("name", ["quota_officer", "functional_manager"])
def test_a_file_is_checked_and_then_taken_over(
    as_user: Callable[[str], Visitor], name: str
) -> None:
    visitor = as_user(name)
    visitor.get("/taakstelling")
    before = re.findall(r"<h1>.*</h1>", visitor.page)
    visitor.get(PAGE)
    assert send(visitor, f"{HEAD}\n{GOOD}\n").status_code == 200
    assert "Daarvan nieuw" in visitor.page
    assert "Gerealiseerd" in visitor.page
    action = re.search(rf'action="({PAGE}/[a-z2-7]+)"', visitor.page)
    assert action is not None
    other = as_user("functional_manager" if name == "quota_officer" else "quota_officer")
    other.get(PAGE)
    assert other.post(action[1]).status_code == 404
    assert visitor.post(action[1]).status_code == 303
    visitor.get(PAGE)
    assert "Overgenomen: 1 nieuwe rijen van de 1." in visitor.page
    assert visitor.post(action[1]).status_code == 404
    visitor.get("/taakstelling")
    assert re.findall(r"<h1>.*</h1>", visitor.page) == before
    assert send(visitor, f"{HEAD}\n{GOOD}\n").status_code == 200
    assert "Alles in dit bestand is al overgenomen" in visitor.page


def test_what_is_wrong_is_told_per_row_and_column(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("quota_officer")
    visitor.get(PAGE)
    wrong = f"{HEAD}\n{GOOD}\nGM9999,2017-III,realised,-1,2017-01-05\n"
    assert send(visitor, wrong).status_code == 422
    for words in ("GM9999", "2017-III", "Alleen transfer_out is kleiner", "municipality_code"):
        assert words in visitor.page
    assert "Overnemen" not in visitor.page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Kies een bestand."),
        ("", "is leeg"),
        (HEAD.replace(",", ";"), "puntkomma's"),
        (f"{HEAD}\nCaf\u00e9,2017-I,quota,1,2017-01-01\n".encode("latin-1"), "UTF-8"),
        (f"{HEAD}\n<script>alert(1)</script>,x,x,x,x\n", "bestaat niet"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(
    as_user: Callable[[str], Visitor], content: str | bytes | None, words: str
) -> None:
    visitor = as_user("functional_manager")
    visitor.get(PAGE)
    assert send(visitor, content).status_code == 422
    assert words in visitor.page
    assert "Er is niets opgeslagen" in visitor.page


@pytest.mark.parametrize("name", ["utrecht", "manager", "supervisor", "administrator"])
def test_the_page_is_not_for_others(as_user: Callable[[str], Visitor], name: str) -> None:
    visitor = as_user(name)
    visitor.get(PAGE)
    assert visitor.status == 404
