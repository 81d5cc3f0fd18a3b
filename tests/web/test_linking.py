"""Koppelen: the list, proposals made by a run, and linking one or many by them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, text

from models import CaseEvent, Proposal, ScoreWeights
from tests.factories import household, household_in, proposed_place, registered
from tests.web.conftest import Visitor
from tests.world import AMSTERDAM, TINY, UTRECHT, World
from webapp.jobs.bulk import advance_bulk
from webapp.jobs.matching import run_matching
from webapp.views import confirming

AsUser = Callable[[str], Visitor]
LIST = "/koppelen"
OFFICER = "placement_officer"
TINY_BY_FAMILY = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]


def started(visitor: Visitor, **values: Any) -> str:
    """Start a run from the list and return its address."""
    visitor.get(LIST)
    [run] = set(re.findall(r'name="run" value="([a-z2-7]{16})"', visitor.page))
    answer = visitor.post("/koppelen/berekeningen", {"run": run, **values})
    assert answer.status_code == 303
    return answer.location


def proposed(application: Flask, visitor: Visitor, **values: Any) -> str:
    """Start a run, let the worker do its work and return the address of the run."""
    address = started(visitor, **(values or {"all": "1"}))
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    visitor.get(address)
    return address


def links(world: World) -> int:
    with world.engine.connect() as connection:
        count = connection.scalar(select(func.count()).where(CaseEvent.step == "link"))
    return count or 0


def test_evidence_is_shown_from_the_case_and_not_kept_with_the_proposal(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world, criteria=TINY_BY_FAMILY)
    officer = as_user(OFFICER)
    proposed(application, officer)
    officer.get(f"/koppelen/huishoudens/{made.case}")
    assert "(brief)" in officer.page
    with world.engine.connect() as connection:
        kept = connection.scalars(select(Proposal.explanation).where(Proposal.rank == 1)).all()
    assert kept
    assert "brief" not in str(kept)


def test_the_list_is_for_whoever_may_link(as_user: AsUser, world: World) -> None:
    made = household_in("screened", world)
    for name in ("case_manager", "utrecht", "manager", "region_coordinator"):
        visitor = as_user(name)
        for path in (LIST, "/koppelen/berekeningen", f"/koppelen/huishoudens/{made.case}"):
            assert visitor.get(path).status_code == 404
    far = as_user("far_placement_officer")
    far.get(LIST)
    assert made.case not in far.page
    assert far.get(f"/koppelen/huishoudens/{made.case}").status_code == 404


def test_fairness_stands_under_koppelen_for_whoever_links(as_user: AsUser, world: World) -> None:
    officer = as_user(OFFICER)
    officer.get(LIST)
    menu = officer.page.split('<nav class="main-navigation"')[1].split("</nav>")[0]
    assert "/koppelen/eerlijkheid" not in menu
    for path in ("/koppelen/eerlijkheid", "/koppelen/afwijkingen"):
        assert f'href="{path}"' in officer.page
    manager = as_user("manager")
    manager.get("/doorstroom")
    menu = manager.page.split('<nav class="main-navigation"')[1].split("</nav>")[0]
    assert "/koppelen/eerlijkheid" in menu


@pytest.mark.parametrize(
    ("who", "path", "entry"),
    [
        ("manager", "/koppelen/eerlijkheid", "Eerlijkheid"),
        ("manager", "/koppelen/model", "Eerlijkheid"),
        (OFFICER, "/koppelen/eerlijkheid", "Koppelen"),
        (OFFICER, "/koppelen/model", "Koppelen"),
        (OFFICER, "/koppelen/afwijkingen", "Doorstroom"),
        ("manager", "/koppelen/afwijkingen", "Doorstroom"),
        (OFFICER, "/koppelen/wat-als", "Koppelen"),
        (OFFICER, "/koppelen/berekeningen", "Koppelen"),
        ("functional_manager", "/beheer/koppelgegevens/woningen", "Koppelgegevens"),
    ],
)
def test_each_page_marks_the_entry_of_the_menu_that_it_is_part_of(
    as_user: AsUser, world: World, who: str, path: str, entry: str
) -> None:
    visitor = as_user(who)
    assert visitor.get(path).status_code == 200
    menu = visitor.page.split('<nav class="main-navigation"')[1].split("</nav>")[0]
    assert set(re.findall(r'aria-current="page">(\w+)', menu)) == {entry}


def test_the_list_shows_what_is_lacking_and_since_when(as_user: AsUser, world: World) -> None:
    thin = registered(world, household(2))
    for member in thin.members:
        thin.take("screen", "case_manager", member=member, held_on=world.today,
                  absence="ill")  # fmt: skip
    thin.take("complete_screening", "case_manager")
    full = household_in("screened", world)
    officer = as_user(OFFICER)
    officer.get(LIST)
    assert officer.page.index(thin.case)
    assert officer.page.index(full.case)
    row = officer.page.split(f'value="{thin.case}"')[1].split("</tr>")[0]
    assert "Ontbreekt sinds 1 februari 2017" in row
    assert "screening van 2 volwassenen" in row
    officer.get(LIST + "?dun=1")
    assert thin.case in officer.page
    assert full.case not in officer.page


def test_a_run_is_followed_and_proposes(as_user: AsUser, world: World, application: Flask) -> None:
    made = household_in("screened", world, household(2))
    officer = as_user(OFFICER)
    address = started(officer, all="1")
    officer.get(address)
    assert 'http-equiv="refresh"' in officer.page
    assert "0%" in officer.page
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    officer.get(address)
    assert "Klaar: voor 1 huishouden ligt een voorstel." in officer.page
    officer.get(f"/koppelen/huishoudens/{made.case}")
    assert "Van de 3" in officer.page
    assert "Koppelen aan " in officer.page
    assert proposed_place(made).startswith("GM")
    assert links(world) == 0


def test_two_clicks_link_as_proposed_and_the_case_keeps_the_explanation(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    place = proposed_place(made)
    officer.get(f"/koppelen/huishoudens/{made.case}")
    [name] = re.findall(r'name="municipality" value="([^"]+)"', officer.page)
    answer = officer.post(f"/dossiers/{made.case}/link", {"municipality": name})
    assert answer.status_code == 302, officer.page[-2000:]
    assert made.row().municipality_code == place
    officer.get(f"/dossiers/{made.case}?deel=koppeling")
    assert "Het voorstel is gevolgd." in officer.page
    assert "Besloten door" in officer.page
    municipal = as_user("utrecht")
    municipal.get(f"/dossiers/{made.case}?deel=koppeling")
    assert "Het voorstel is gevolgd." not in municipal.page


def test_a_departure_is_asked_for_and_told(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    other = AMSTERDAM if proposed_place(made) != AMSTERDAM else UTRECHT
    officer.step(made.case, "link", {"municipality": other})
    assert officer.status == 422
    assert "Kies waarom u van het voorstel afwijkt." in officer.page
    officer.post(f"/dossiers/{made.case}/link", {"municipality": other, "departure": "safety"})
    officer.get(f"/dossiers/{made.case}?deel=koppeling")
    assert "Afgeweken van het voorstel" in officer.page
    assert "Reden: veiligheid." in officer.page


def _confirm(visitor: Visitor) -> str:
    """Send the preview on the page and return the page of results."""
    [key] = re.findall(r'name="form_key" value="([^"]+)"', visitor.page)
    seen = re.findall(r'name="seen" value="([^"]+)"', visitor.page)
    visitor.post("/koppelen/bevestigen/koppelen", {"seen": seen, "form_key": key})
    assert visitor.status == 200
    return visitor.page


def test_many_are_linked_with_a_result_per_household(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = [household_in("screened", world) for _ in range(3)]
    officer = as_user(OFFICER)
    proposed(application, officer)
    late = household_in("screened", world)
    officer.get(LIST)
    cases = [each.case for each in (*made, late)]
    officer.post("/koppelen/bevestigen", {"case": cases})
    assert "3 huishoudens kunnen worden gekoppeld" in officer.page
    assert "Voor dit huishouden is geen voorstel dat nog klopt." in officer.page
    assert links(world) == 0
    page = officer.page
    made[0].take("suspend", "case_manager", reason="illness", until=world.later(20).today)
    officer.page = page
    result = _confirm(officer)
    assert "2 huishoudens gekoppeld, 1 niet gekoppeld." in result
    assert "zojuist gewijzigd" in result
    officer.page = page
    _confirm(officer)
    assert links(world) == 2


def test_a_newer_run_makes_an_old_preview_worthless(
    as_user: AsUser, world: World, application: Flask
) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    officer.get(LIST)
    officer.post("/koppelen/bevestigen", {"whole_list": "1"})
    page = officer.page
    proposed(application, officer)
    officer.page = page
    assert "Dit voorstel geldt niet meer." in _confirm(officer)
    assert links(world) == 0


def test_what_is_sent_must_be_ones_own(as_user: AsUser, world: World, application: Flask) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    address = proposed(application, officer)
    officer.get(LIST)
    officer.post("/koppelen/bevestigen", {"whole_list": "1"})
    page = officer.page
    for name in ("second_placement_officer", "far_placement_officer"):
        other = as_user(name)
        assert other.get(address).status_code == 404
        assert other.post(address + "/stoppen").status_code == 404
    far = as_user("far_placement_officer")
    far.get(LIST)
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    far.post("/koppelen/bevestigen/koppelen", {"seen": seen, "form_key": "abcdefgh12345678"})
    assert "0 huishoudens gekoppeld" in far.page
    assert links(world) == 0


def test_a_run_that_was_stopped_proposes_nothing(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    address = started(officer, all="1")
    officer.get(address)
    assert officer.post(address + "/stoppen").status_code == 303
    with application.app_context():
        run_matching(address.rpartition("/")[2])
    officer.get(address)
    assert "Gestopt. Er is niets veranderd" in officer.page
    assert proposed_place(made) == "None"


def steps(visitor: Visitor) -> set[str]:
    """Return the sentences of the explanation on a page."""
    part = visitor.page.split('id="why"')[1].split("Elke volwassene")[0]
    return set(re.findall(r"<li>(.*?)</li>", part))


def test_a_case_keeps_the_explanation_of_the_decision_whatever_is_reckoned_later(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    place = proposed_place(made)
    officer.get(f"/koppelen/huishoudens/{made.case}")
    told = steps(officer)
    assert told
    made.take("link", OFFICER, municipality=place)
    for _ in range(3):
        household_in("screened", world, household(2))
    proposed(application, officer)
    officer.get(f"/dossiers/{made.case}?deel=koppeling")
    assert steps(officer) == told
    made.take("release_link", OFFICER, reason="linked_in_error")
    proposed(application, officer)
    other = AMSTERDAM if proposed_place(made) != AMSTERDAM else UTRECHT
    made.take("link", OFFICER, municipality=other, departure="safety")
    officer.get(f"/dossiers/{made.case}?deel=koppeling")
    assert "Reden: veiligheid." in officer.page
    assert "Na het plan" in officer.page


def test_more_than_fifty_go_to_the_background_with_progress(
    as_user: AsUser, world: World, application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "DIRECT", 2)
    for _ in range(3):
        household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    officer.get(LIST)
    officer.post("/koppelen/bevestigen", {"whole_list": "1"})
    [run] = re.findall(r'name="run" value="([a-z2-7]{16})"', officer.page)
    seen = re.findall(r'name="seen" value="([^"]+)"', officer.page)
    values = {"seen": seen, "run": run}
    answers = [officer.post("/koppelen/bevestigen/koppelen", values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.location for answer in answers} == {f"/werkvoorraad/bulk/verloop/{run}"}
    officer.get(answers[0].location)
    assert "Koppelen aan gemeente" in officer.page
    assert links(world) == 0
    with application.app_context():
        advance_bulk(run)
    officer.get(answers[0].location)
    assert "Klaar: de handeling is bij alle 3 dossiers gedaan." in officer.page
    assert links(world) == 3
    assert officer.post("/koppelen/bevestigen/koppelen", {"seen": seen}).status_code == 404


def test_what_cannot_be_is_told_in_words(as_user: AsUser, world: World, application: Flask) -> None:
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert "Er is geen huishouden dat op een koppeling wacht." in officer.page
    torn = [*TINY_BY_FAMILY, {"criterion": "safety", "municipality": TINY, "evidence": "Gezien."}]
    household_in("screened", world, criteria=torn)
    household_in("screened", world, household(2, 2), criteria=TINY_BY_FAMILY)
    proposed(application, officer)
    assert "De harde criteria laten geen gemeente over" in officer.page
    assert "Geen gemeente die past, heeft nog zoveel plaatsen" in officer.page
    assert "Klaar: voor 0 huishoudens ligt een voorstel." in officer.page
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(text("ALTER TABLE score_weights DISABLE TRIGGER USER"))
        connection.execute(delete(ScoreWeights))
    proposed(application, officer)
    assert "Er zijn nog geen gewichten voor de score." in officer.page
    assert "Er is niets veranderd." in officer.page


def test_only_the_ticked_are_proposed_for(
    as_user: AsUser, world: World, application: Flask
) -> None:
    wanted, other = household_in("screened", world), household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer, case=wanted.case)
    assert proposed_place(wanted) != "None"
    assert proposed_place(other) == "None"
    officer.get(LIST + "?voorstel=nee")
    assert other.case in officer.page
    assert wanted.case not in officer.page
    officer.get(f"{LIST}?voorstel=ja&gemeente={proposed_place(wanted)}")
    assert wanted.case in officer.page
    answer = officer.post("/koppelen/berekeningen", {"run": "a" * 16})
    assert answer.location == LIST


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_costs_the_same_however_long(
    as_user: AsUser, world: World, application: Flask, language: str
) -> None:
    officer = as_user(OFFICER)
    officer.post("/taal", {"language": language})
    for _ in range(3):
        household_in("screened", world, household(2))
    few = _queries(application, lambda: officer.get(LIST))
    for _ in range(24):
        household_in("screened", world, household(1, 1))
    proposed(application, officer)
    assert _queries(application, lambda: officer.get(LIST)) == few
    assert officer.page.count('name="case"') == 25
    [after] = set(re.findall(r'rel="next" href="([^"]+)"', officer.page))
    officer.get(after)
    assert officer.page.count('name="case"') == 2
    [before] = set(re.findall(r'rel="prev" href="([^"]+)"', officer.page))
    officer.get(before)
    assert officer.page.count('name="case"') == 25


def _queries(application: Flask, act: Callable[[], object]) -> int:
    seen: list[str] = []
    engine = application.extensions["database"]

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_broken_address_shows_the_list(as_user: AsUser, world: World) -> None:
    household_in("screened", world)
    officer = as_user(OFFICER)
    for query in ("na=x", "voor=2017-02-30_abc", "gemeente=%00", "huishouden=x&voorstel=misschien"):
        assert officer.get(f"{LIST}?{query}").status_code in {200, 404}
