"""What is due, over all cases: each number is that of its list, and nobody sees another's."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.factories import household_in, registered
from tests.web.conftest import Visitor
from tests.world import TODAY, World
from workflows.actor import Actor
from workflows.reading.badges import badges
from workflows.reading.due import DueFilters, Window, due_counts
from workflows.reading.due_page import due_page

AsUser = Callable[[str], Visitor]
PEOPLE = (
    "case_manager",
    "second_case_manager",
    "placement_officer",
    "region_coordinator",
    "centre_coordinator",
    "utrecht",
    "utrecht_coordinator",
    "bunnik",
    "guardian",
)


@pytest.fixture
def busy(world: World) -> World:
    """Return a world with work in every state, some of it in nobody's hands."""
    for state in ("registered", "screened", "linked", "preparing", "offered", "refused", "housed"):
        household_in(state, world)
    made = registered(world)
    made.take("assign", "case_manager", colleague=None)
    return world


def whole(world: World, actor: Actor, window: Window, most: int) -> list[tuple[date, int, str]]:
    """Return the keys of a part of the list, read page by page."""
    found: list[tuple[date, int, str]] = []
    after = None
    with world.engine.connect() as connection:
        while True:
            page = due_page(
                connection, actor, window, DueFilters(), world.today, after=after, most=most
            )
            found += [row.key for row in page.rows]
            if not page.has_next:
                return found
            after = page.rows[-1].key


@pytest.mark.parametrize("days", [0, 5, 60, 200])
def test_each_count_is_that_of_its_list(busy: World, days: int) -> None:
    later = busy.later(days)
    seen = 0
    for name in PEOPLE:
        actor = later.actors[name]
        with later.engine.connect() as connection:
            counts = due_counts(connection, actor, DueFilters(), later.today)
            waiting = badges(connection, actor, later.today)
        for window in Window:
            rows = whole(later, actor, window, 3)
            assert len(rows) == counts[window], (name, window)
            assert rows == sorted(rows)
            assert len(set(rows)) == len(rows)
            seen += len(rows)
        assert waiting.due == counts[Window.LATE] + counts[Window.TODAY]
    assert seen > 0


def test_a_municipality_sees_no_work_of_the_agency_that_is_unassigned(busy: World) -> None:
    for name, own in (("centre_coordinator", 1), ("region_coordinator", 1), ("utrecht", 0)):
        assert len(whole(busy, busy.actors[name], Window.UNASSIGNED, 25)) == own, name
    assert not whole(busy.later(200), busy.actors["far_case_manager"], Window.LATE, 25)


def test_a_coordinator_assigns_unassigned_work_in_two_clicks(as_user: AsUser, busy: World) -> None:
    visitor = as_user("centre_coordinator")
    visitor.get("/termijnen?tab=unassigned")
    # The least burdened colleague is chosen already: tick, and press.
    [case] = re.findall(r'name="case" value="(\w+)"', visitor.page)
    chosen = re.search(r'id="colleague".*?<option value="(\w+)">([^<]*)', visitor.page, re.DOTALL)
    assert chosen is not None
    assert chosen.group(2) == "Colleague (0 dossiers)"
    fields = {"case": case, "colleague": chosen.group(1), "back": "due", "tab": "unassigned"}
    answer = visitor.post("/werkvoorraad/toewijzen", fields)
    assert answer.location == "/termijnen?tab=unassigned"
    visitor.get(answer.location)
    assert "Alles is toegewezen" in visitor.page


def test_the_menu_tells_what_waits(as_user: AsUser, busy: World) -> None:
    visitor = as_user("utrecht")
    visitor.get("/termijnen")
    with busy.engine.connect() as connection:
        waiting = badges(connection, busy.actors["utrecht"], TODAY)
    assert waiting.inbox == 1
    assert waiting.queue > 0
    assert re.search(rf"{waiting.queue}<span[^>]*> dossiers? wacht", visitor.page)


@pytest.mark.parametrize("tab", ["late", "today", "week", "unassigned", "nonsense"])
def test_the_page_opens_for_all_who_may_and_bears_nonsense(as_user: AsUser, tab: str) -> None:
    for name in ("case_manager", "guardian", "utrecht_coordinator"):
        visitor = as_user(name)
        for query in (
            "",
            "&na=2017-02-01_x",
            "&soort=nothing&plaats=%00",
            "&na=2017-02-01_a__link",
        ):
            expected = 404 if "%00" in query else 200
            assert visitor.get(f"/termijnen?tab={tab}{query}").status_code == expected
    assert as_user("manager").get("/termijnen").status_code == 404
