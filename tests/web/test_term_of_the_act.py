"""Beside what a case waits for stands the term of that act, not the one of the lease."""

import re
from collections.abc import Callable

import pytest

from tests.factories import NO_TALK, household_in, minor_in
from tests.handovers import handed_over
from tests.web.conftest import Visitor
from tests.world import TODAY, World

AsUser = Callable[[str], Visitor]
WORK_WEEK, TWO_WEEKS = "Nog 7 dagen", "Nog 14 dagen"


def row_of(visitor: Visitor, case: str) -> str:
    """Return the row of a case in the table of a page."""
    rows: list[str] = re.findall(r"<tr.*?</tr>", visitor.page, re.DOTALL)
    return next(row for row in rows if case in row)


@pytest.mark.parametrize(
    ("state", "name", "left"),
    [
        ("linked", "utrecht", WORK_WEEK),
        ("offered", "case_manager", WORK_WEEK),
        ("refused", "placement_officer", TWO_WEEKS),
    ],
)
def test_the_case_and_the_queue_show_when_the_act_is_due(
    as_user: AsUser, world: World, state: str, name: str, left: str
) -> None:
    made = household_in(state, world)
    visitor = as_user(name)
    visitor.get(f"/dossiers/{made.case}")
    # In the head, and beside the act in front where it is theirs.
    assert left in visitor.page
    assert "Nog 74 dagen" not in visitor.page
    visitor.get("/werkvoorraad?tab=team")
    assert left in row_of(visitor, made.case)


def test_the_inbox_shows_when_a_link_is_to_be_taken_up(as_user: AsUser, world: World) -> None:
    made = household_in("linked", world)
    visitor = as_user("utrecht")
    visitor.get("/gemeente")
    assert WORK_WEEK in row_of(visitor, made.case)
    # The municipality's own seventy days, not the eighty-four of the permit.
    assert "Huurcontract uiterlijk 12 april 2017" in row_of(visitor, made.case)


def test_beside_a_handover_stands_its_own_term(as_user: AsUser, world: World) -> None:
    made = handed_over("offered", world)
    visitor = as_user("utrecht")
    visitor.get(f"/dossiers/{made.case}")
    front = visitor.page[visitor.page.index('id="next-act"') :][:600]
    assert "Overdracht accepteren" in front
    assert TWO_WEEKS in front


def test_the_tab_says_why_no_handover_was_held_to_who_may_read_it(
    as_user: AsUser, world: World
) -> None:
    made = household_in("closed", world)
    why = str(NO_TALK["reason"])
    for name, told in (("case_manager", True), ("utrecht", False)):
        visitor = as_user(name)
        visitor.get(f"/dossiers/{made.case}?deel=overdracht")
        assert (why in visitor.page) is told, name


def test_a_child_in_reception_is_not_late(as_user: AsUser, world: World) -> None:
    made = minor_in("linked", world, "2005-06-01")
    made.take("place_minor", "case_manager", placed_on=TODAY, placement="small_scale_reception")
    visitor = as_user("case_manager")
    visitor.get(f"/dossiers/{made.case}")
    assert "Geen termijn" in visitor.page
    visitor.get("/werkvoorraad?tab=team")
    assert "Doorverhuizen" in row_of(visitor, made.case)
    assert "Geen termijn" in row_of(visitor, made.case)
