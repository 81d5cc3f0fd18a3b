"""Work on many cases through the pages, without scripts."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import Case, CaseEvent
from tests.factories import household_in, registered
from tests.web.conftest import Visitor
from tests.world import FAR_CENTRE, World
from webapp.jobs.bulk import advance_bulk, sweep_bulk

AsUser = Callable[[str], Visitor]
UNTIL = {"reason": "illness", "until": "20-02-2017"}
HOME = "/werkvoorraad/bulk"


class _Fields(HTMLParser):
    """The hidden fields of the form that leads to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.inside = False
        self.found: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        if tag == "input" and self.inside and given.get("type") == "hidden":
            self.found.setdefault(given["name"] or "", []).append(given.get("value") or "")


def fields(visitor: Visitor, action: str) -> dict[str, list[str]]:
    reader = _Fields(action)
    reader.feed(visitor.page)
    return reader.found


def previewed(visitor: Visitor, cases: list[str], step: str = "suspend") -> None:
    visitor.post(f"{HOME}/{step}/voorbeeld", {"case": cases, **UNTIL})
    assert visitor.status == 200, visitor.page


def started(visitor: Visitor, cases: list[str]) -> str:
    previewed(visitor, cases)
    answer = visitor.post(f"{HOME}/suspend/starten", fields(visitor, f"{HOME}/suspend/starten"))
    assert answer.status_code == 303, visitor.page
    return answer.location


def carried_on(application: Flask, address: str) -> None:
    with application.app_context():
        advance_bulk(address.rpartition("/")[2])


def suspended(world: World) -> set[str]:
    with world.engine.connect() as connection:
        return set(connection.scalars(select(Case.reference).where(Case.suspended_on.is_not(None))))


def events(world: World) -> int:
    with world.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(CaseEvent)) or 0


def test_from_the_queue_to_the_result(as_user: AsUser, world: World, application: Flask) -> None:
    cases = [registered(world).case for _ in range(3)]
    world.take("suspend", "case_manager", {"reason": "documents", "until": "2017-02-10"}, cases[2])
    manager = as_user("case_manager")
    manager.get("/werkvoorraad?tab=team")
    assert f'formaction="{HOME}"' in manager.page
    manager.post(HOME, {"case": cases})
    assert f'formaction="{HOME}/suspend"' in manager.page
    assert "take_up" not in manager.page
    manager.post(f"{HOME}/suspend", {"case": cases})
    assert 'name="until"' in manager.page
    assert 'name="explanation"' not in manager.page

    before = events(world)
    previewed(manager, cases)
    assert "2 dossiers krijgen deze handeling" in manager.page
    assert "De termijn van dit dossier is al opgeschort." in manager.page
    assert events(world) == before

    address = started(manager, cases)
    manager.get(address)
    assert '<meta http-equiv="refresh"' in manager.page
    assert "0 van 2" in manager.page
    carried_on(application, address)
    manager.get(address)
    assert "http-equiv" not in manager.page
    assert "2 van 2" in manager.page
    assert "bij alle 2 dossiers gedaan" in manager.page
    assert suspended(world) == set(cases)
    manager.get(HOME)
    assert address in manager.page


def test_the_whole_list_is_more_than_the_page_shows(as_user: AsUser, world: World) -> None:
    for _ in range(27):
        registered(world)
    manager = as_user("case_manager")
    manager.get("/werkvoorraad?tab=team")
    assert "alle 27 dossiers van deze lijst" in manager.page
    manager.post(HOME, {"whole_list": "1", "tab": "team", "query": "tab=team"})
    assert len(re.findall(r'name="case" value="', manager.page)) == 27
    manager.post(HOME, {"whole_list": "1", "tab": "team", "query": "stand=linked"})
    assert manager.status == 303


def test_what_was_typed_wrong_comes_back_with_words(as_user: AsUser, world: World) -> None:
    case = registered(world).case
    manager = as_user("case_manager")
    manager.post(f"{HOME}/suspend/voorbeeld", {"case": [case], "reason": "illness", "until": ""})
    assert manager.status == 422
    assert "Vul dit veld in." in manager.page
    assert f'name="case" value="{case}"' in manager.page
    manager.post(
        f"{HOME}/suspend/voorbeeld", {"case": [case], "reason": "<b>", "until": "31-02-2017"}
    )
    assert manager.status == 422
    assert suspended(world) == set()


def test_stop_and_resume(as_user: AsUser, world: World, application: Flask) -> None:
    cases = [registered(world).case for _ in range(2)]
    manager = as_user("case_manager")
    address = started(manager, cases)
    manager.post(f"{address}/stoppen")
    carried_on(application, address)
    assert suspended(world) == set()
    manager.get(address)
    assert "Gestopt: 0 gedaan, 2 nog niet." in manager.page
    manager.post(f"{address}/hervatten")
    carried_on(application, address)
    assert suspended(world) == set(cases)


def test_the_same_start_sent_twice_is_one_run(
    as_user: AsUser, world: World, application: Flask
) -> None:
    cases = [registered(world).case for _ in range(2)]
    manager = as_user("case_manager")
    previewed(manager, cases)
    sent = fields(manager, f"{HOME}/suspend/starten")
    first, second = (manager.post(f"{HOME}/suspend/starten", sent) for _ in range(2))
    assert first.location == second.location
    carried_on(application, first.location)
    carried_on(application, first.location)
    with world.engine.connect() as connection:
        taken = select(func.count()).where(CaseEvent.step == "suspend")
        assert connection.scalar(taken) == 2


def test_a_run_is_its_users_own(as_user: AsUser, world: World) -> None:
    address = started(as_user("case_manager"), [registered(world).case])
    colleague = as_user("colleague")
    colleague.get(address)
    assert colleague.status == 404
    for act in ("stoppen", "hervatten"):
        assert colleague.post(f"{address}/{act}").status_code == 404


def test_a_case_of_another_organisation_looks_as_if_it_did_not_exist(
    as_user: AsUser, world: World
) -> None:
    foreign = registered(world, actor="far_case_manager", centre=FAR_CENTRE).case
    manager = as_user("case_manager")
    told = []
    for reference in (foreign, "a" * 16):
        previewed(manager, [reference])
        assert "Bij geen van deze dossiers kan dit" in manager.page
        assert "Starten voor" not in manager.page
        told.append(re.sub(r"[a-z2-7]{16}", "", manager.page))
    assert re.sub(r'value="[^"]*"', "", told[0]) == re.sub(r'value="[^"]*"', "", told[1])
    answer = manager.post(
        f"{HOME}/suspend/starten", {"case": [f"{foreign}:1"], "run": "b" * 16, **UNTIL}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("step", ["take_up", "register", "close", "nothing"])
def test_a_step_that_is_not_for_this_user_is_not_there(
    as_user: AsUser, world: World, step: str
) -> None:
    manager = as_user("case_manager")
    for part in ("", "/voorbeeld", "/starten"):
        assert manager.post(f"{HOME}/{step}{part}", {"case": ["a" * 16]}).status_code == 404


def test_nothing_ticked_leads_back_with_words(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    for sent in ({}, {"case": ["<script>", "X" * 16, ""]}):
        answer = manager.post(HOME, sent)
        assert (answer.status_code, answer.location) == (303, "/werkvoorraad")
    manager.post(f"{HOME}/suspend/voorbeeld", UNTIL)
    assert manager.status == 422
    assert "Vink eerst een of meer dossiers aan." in manager.page


def test_a_municipality_takes_its_new_links_up(
    as_user: AsUser, world: World, application: Flask
) -> None:
    cases = [household_in("linked", world).case for _ in range(2)]
    town = as_user("utrecht")
    values = {"case": cases, "scenario": "combined"}
    town.post(f"{HOME}/take_up/voorbeeld", values)
    assert "2 dossiers krijgen deze handeling" in town.page
    answer = town.post(f"{HOME}/take_up/starten", fields(town, f"{HOME}/take_up/starten"))
    carried_on(application, answer.location)
    with world.engine.connect() as connection:
        states = connection.scalars(select(Case.state).where(Case.reference.in_(cases)))
        assert set(states) == {"preparing"}


def test_the_sweep_may_run_at_any_time(as_user: AsUser, world: World, application: Flask) -> None:
    address = started(as_user("case_manager"), [registered(world).case])
    with application.app_context():
        sweep_bulk()
        assert suspended(world) == set(), "a run this young has its own worker"
        advance_bulk(address.rpartition("/")[2])
        sweep_bulk()
        sweep_bulk()
    assert len(suspended(world)) == 1


def test_results_with_numbers_read_in_english_on_english_pages(
    as_user: AsUser, application: Flask, world: World
) -> None:
    case = registered(world).case
    visitor = as_user("case_manager")
    visitor.get("/werkvoorraad?tab=team")
    far = {"case": [case], "reason": "illness", "until": "20-12-2018"}
    visitor.post("/taal", {"language": "en"})
    visitor.get("/werkvoorraad?tab=team")
    visitor.post(f"{HOME}/suspend/voorbeeld", far)
    assert "Suspension is possible for 182 days in all; 0 days have been used." in visitor.page
    assert "Opschorten" not in visitor.page
    previewed(visitor, [case])
    sent = fields(visitor, f"{HOME}/suspend/starten")
    world.take("record_stay", "case_manager",
               {"place": "elsewhere", "stays_from": world.today}, case)  # fmt: skip
    answer = visitor.post(f"{HOME}/suspend/starten", sent)
    carried_on(application, answer.location)
    visitor.get(answer.location)
    assert "This case was changed just now by Case Manager." in visitor.page
