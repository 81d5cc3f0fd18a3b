"""Saved views of the work queue: the queue's own filters only, own or shared."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models import AuditEntry, SavedView
from models.vocabulary import CaseState
from tests.web.conftest import Visitor
from tests.world import CENTRE, FAR_CENTRE, World
from webapp.views.queue import TABS, filters_of
from workflows.reading.queue import Filters
from workflows.saved_views import FILTERS, MOST_VIEWS

AsUser = Callable[[str], Visitor]
HOME = "/werkvoorraad/weergaven"


def saved(world: World) -> list[tuple[str, str, bool]]:
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(SavedView.name, SavedView.query, SavedView.shared).order_by(SavedView.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def reference_of(world: World, name: str) -> str:
    with world.engine.connect() as connection:
        found = connection.scalar(select(SavedView.reference).where(SavedView.name == name))
    assert found is not None
    return found


def test_the_filters_in_force_are_kept_and_opened_again(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    manager.get("/werkvoorraad?tab=team&stand=linked&te_laat=1&huishouden=&na=2017-01-01_aaaa")
    assert 'name="query" value="stand=linked&tab=team&te_laat=1"' in manager.page
    answer = manager.post(HOME, {"name": " Te  laat ", "query": "stand=linked&te_laat=1&tab=team"})
    assert answer.status_code == 303
    assert saved(world) == [("Te laat", "stand=linked&tab=team&te_laat=1", False)]
    manager.get(answer.location)
    assert 'href="/werkvoorraad?stand=linked&tab=team&te_laat=1" aria-current="true"' in (
        manager.page
    )
    assert "De weergave is bewaard." in manager.page


def test_the_queue_and_the_saved_views_know_the_same_filters() -> None:
    asked = {
        "stand": "linked",
        "huishouden": "single",
        "te_laat": "1",
        "aan_zet": "1",
        "plaats": "GM0344",
    }
    assert filters_of(asked) == Filters(
        state="linked", household="single", overdue=True, waiting=True, place="GM0344"
    )
    assert set(FILTERS) == {*asked, "tab"}
    for name, value in asked.items():
        assert FILTERS[name].fullmatch(value)
    assert all(FILTERS["tab"].fullmatch(tab) for tab in TABS)
    assert all(FILTERS["stand"].fullmatch(state) for state in CaseState)


@pytest.mark.parametrize(
    "query",
    [
        "zoek=abc",
        "query=Amina",
        "plaats=9990000001",
        "stand=123456782",
        "tab=team&name=Amina",
        "stand=linked;drop",
        "%00",
        "stand=%ff",
        "te_laat=1&" * 60,
        "stand=" + "a" * 2000,
    ],
)
def test_nothing_but_filters_is_kept(as_user: AsUser, world: World, query: str) -> None:
    manager = as_user("case_manager")
    answer = manager.post(HOME, {"name": "Poging", "query": query})
    assert answer.status_code == 303
    assert answer.location == "/werkvoorraad"
    assert saved(world) == []
    manager.get(answer.location)
    assert "Alleen de filters van de werkvoorraad kunnen worden bewaard" in manager.page


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "V 999.000.0001", "a\x00b", "a\u202eb"])
def test_a_name_is_short_and_names_nobody(as_user: AsUser, world: World, name: str) -> None:
    manager = as_user("case_manager")
    manager.post(HOME, {"name": name, "query": "tab=team"})
    assert saved(world) == []


def test_a_name_is_shown_as_text(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    manager.post(HOME, {"name": "<script>alert(1)</script>", "query": "tab=team"})
    body = manager.get("/werkvoorraad").get_data(as_text=True)
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_sharing_reaches_the_organisation_and_no_other(as_user: AsUser, world: World) -> None:
    manager, colleague = as_user("case_manager"), as_user("colleague")
    stranger = as_user("far_case_manager")
    here, there = world.centre(CENTRE), world.centre(FAR_CENTRE)
    manager.post(HOME, {"name": "Van ons", "query": "tab=team", "share_with": here})
    manager.post(HOME, {"name": "Van mij", "query": "tab=mine"})
    manager.post(HOME, {"name": "Van hen", "query": "tab=mine", "share_with": there})
    assert [row[0] for row in saved(world)] == ["Van ons", "Van mij"]
    colleague.get("/werkvoorraad")
    assert "Van ons" in colleague.page
    assert "Van mij" not in colleague.page
    stranger.get("/werkvoorraad")
    assert "Van ons" not in stranger.page
    shared = reference_of(world, "Van ons")
    for other in (colleague, stranger):
        assert other.post(f"{HOME}/{shared}/verwijderen").status_code == 404
    assert manager.post(f"{HOME}/{shared}/verwijderen").status_code == 303
    assert [row[0] for row in saved(world)] == ["Van mij"]


def test_each_name_once_and_fifty_at_most(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    for number in range(MOST_VIEWS + 1):
        manager.post(HOME, {"name": f"Weergave {number}", "query": "tab=team"})
    assert len(saved(world)) == MOST_VIEWS
    manager.get("/werkvoorraad")
    assert "ten hoogste 50 weergaven" in manager.page
    manager.post(f"{HOME}/{reference_of(world, 'Weergave 0')}/verwijderen")
    manager.post(HOME, {"name": "Weergave 1", "query": "tab=mine"})
    assert len(saved(world)) == MOST_VIEWS - 1


def test_saving_and_deleting_are_audited(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    manager.post(HOME, {"name": "Van mij", "query": "tab=mine"})
    view = reference_of(world, "Van mij")
    manager.post(f"{HOME}/{view}/verwijderen", {"query": "tab=mine"})
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(AuditEntry.action, AuditEntry.fields)
            .where(AuditEntry.object_reference == view)
            .order_by(AuditEntry.id)
        )
        assert [tuple(row) for row in rows] == [
            ("save_view", ["name", "query", "shared"]),
            ("delete_view", []),
        ]
