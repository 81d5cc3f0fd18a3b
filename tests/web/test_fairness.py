"""The pages of the report on fairness: for who decides on links and who answers for them."""

from collections.abc import Callable
from typing import Any

import pytest

from models.vocabulary import FairnessDimension, RunStatus
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import World
from workflows.matching import runs
from workflows.matching.fairness_report import result
from workflows.matching.propose import answer, read_input
from workflows.matching.runs import Wish

AsUser = Callable[[str], Visitor]


def group(name: str, share: float | None) -> dict[str, Any]:
    return {
        "dimension": FairnessDimension.SEX,
        "group": name,
        "households": 20,
        "share": share,
        "below": 0.1,
        "days_waited": 12.4,
    }


def kept(world: World, sorting: float | None, **changes: Any) -> str:
    """Keep a run with a report, and return its reference."""
    found: dict[str, Any] = {
        "groups": [group("female", 0.62), group("male", None)],
        "worst": group("female", 0.62),
        "evenness": {},
        "mix": {"single": {"households": 9, "municipalities": 7}},
        "sorting": sorting,
    }
    balance = {"least": 0.1, "p5": 0.2, "median": 0.93} if found["groups"] else {}
    said = {"households": 40, "balance": balance, "fairness": found | changes}
    with world.engine.begin() as connection:
        actor = world.actors["placement_officer"]
        reference = runs.start(connection, actor, Wish(), world.moment)
        runs.end(connection, reference, RunStatus.DONE, world.moment, result=said)
    return reference


@pytest.mark.parametrize("name", ["placement_officer", "manager"])
def test_the_report_is_read_in_words(as_user: AsUser, world: World, name: str) -> None:
    reference = kept(world, 0.05)
    visitor = as_user(name)
    visitor.get("/koppelen/eerlijkheid")
    assert "Vrouw: 62%" in visitor.page
    assert f"/koppelen/eerlijkheid/{reference}" in visitor.page
    visitor.get(f"/koppelen/eerlijkheid/{reference}")
    for words in ("Vrouw", "62%", "maakt geen verschil", "93%", "Zes of meer", "0,05"):
        assert (words in visitor.page) is (words != "Zes of meer"), words
    assert "Kansen hopen zich op" not in visitor.page


def test_sorting_is_told_as_an_alarm(as_user: AsUser, world: World) -> None:
    reference = kept(world, 0.34)
    visitor = as_user("manager")
    visitor.get(f"/koppelen/eerlijkheid/{reference}")
    assert "Kansen hopen zich op" in visitor.page
    visitor.get("/koppelen/eerlijkheid")
    assert "Te hoog" in visitor.page


def test_too_few_households_and_no_report_are_said(as_user: AsUser, world: World) -> None:
    visitor = as_user("manager")
    visitor.get("/koppelen/eerlijkheid")
    assert "Nog geen verslag" in visitor.page
    reference = kept(world, None, groups=[], worst=None, mix={})
    visitor.get(f"/koppelen/eerlijkheid/{reference}")
    assert visitor.status == 200
    assert "Te weinig huishoudens" in visitor.page


@pytest.mark.parametrize("name", ["case_manager", "utrecht", "supervisor"])
def test_for_anybody_else_there_is_no_such_page(as_user: AsUser, world: World, name: str) -> None:
    reference = kept(world, 0.05)
    visitor = as_user(name)
    for address in ("/koppelen/eerlijkheid", f"/koppelen/eerlijkheid/{reference}"):
        assert visitor.get(address).status_code == 404


def test_the_page_of_a_run_names_the_group_and_opens_the_report(
    as_user: AsUser, world: World
) -> None:
    household_in("screened", world)
    with world.engine.begin() as connection:
        actor = world.actors["placement_officer"]
        reference = runs.start(connection, actor, Wish(), world.moment)
        given = read_input(connection, actor, Wish().as_json(), world.moment)
        said = result(connection, answer(given, lambda _percent: None))
        said["fairness"]["worst"] = group("female", 0.62)
        runs.end(connection, reference, RunStatus.DONE, world.moment, result=said)
    officer = as_user("placement_officer")
    officer.get(f"/koppelen/berekeningen/{reference}")
    assert "Vrouw (62%" in officer.page
    assert f"/koppelen/eerlijkheid/{reference}" in officer.page
