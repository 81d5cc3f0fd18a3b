"""Tasks of an organisation, and the read log of what lists show."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.factories import household_in, member
from tests.web.conftest import Visitor
from tests.world import TINY, World
from workflows.errors import NotFound
from workflows.tasks import finish_task

AsUser = Callable[[str], Visitor]


@pytest.fixture
def crowded(world: World) -> str:
    """Return a household that outgrew the room of its municipality."""
    made = household_in("linked", world, [member(), member("partner"), member("child")],
                        municipality=TINY)  # fmt: skip
    born = member("child", v_number=None, birth_date=world.today)
    made.take(
        "add_member",
        "case_manager",
        members_to_add=[born],
        joined_on=world.today,
        reason="born",
    )
    return made.case


def task_of(world: World, case: str) -> str:
    """Return the reference of the task of a case."""
    with world.engine.connect() as connection:
        found = text(
            "SELECT t.reference FROM task t JOIN case_file c ON c.id = t.case_id"
            " WHERE c.reference = :case AND t.kind = 'room_exceeded'"
        )
        return str(connection.execute(found, {"case": case}).scalar_one())


def test_a_task_stands_on_the_list_of_its_organisation_only(
    as_user: AsUser, crowded: str, world: World
) -> None:
    region, centre = as_user("placement_officer"), as_user("case_manager")
    region.get("/taken")
    assert crowded in region.page
    centre.get("/taken")
    assert "Geen open taken" in centre.page
    far = as_user("far_placement_officer")
    far.get("/taken")
    assert far.post(f"/taken/{task_of(world, crowded)}/gedaan").status_code == 404


def test_a_task_is_done_once_and_the_trail_says_by_whom(
    as_user: AsUser, crowded: str, world: World
) -> None:
    region, task = as_user("placement_officer"), task_of(world, crowded)
    region.get("/taken")
    assert region.post(f"/taken/{task}/gedaan").status_code == 302
    assert region.post(f"/taken/{task}/gedaan").status_code == 302
    region.get("/taken")
    assert "Geen open taken" in region.page
    assert _count(world, "audit_entry WHERE action = 'task_done'") == 1
    region.get("/taken?tab=done")
    assert "Placement Officer" in region.page
    assert region.post(f"/taken/{task}/heropenen").status_code == 302
    assert region.post(f"/taken/{task}/heropenen").status_code == 302
    assert _count(world, "audit_entry WHERE action = 'task_reopened'") == 1
    region.get("/taken")
    assert crowded in region.page
    assert region.post("/taken/aaaaaaaaaaaaaaaa/gedaan").status_code == 404


def test_who_may_not_see_the_case_finishes_nothing(world: World, crowded: str) -> None:
    for name in ("case_manager", "far_placement_officer", "manager", "tiny"):
        with pytest.raises(NotFound), world.engine.begin() as connection:
            finish_task(connection, world.actors[name], task_of(world, crowded), world.moment)


def test_lists_that_show_names_are_read_logged(as_user: AsUser, crowded: str, world: World) -> None:
    visitor = as_user("placement_officer")
    for purpose, path in (("queue", "/werkvoorraad?tab=team"), ("tasks", "/taken")):
        visitor.get(path)
        assert crowded in visitor.page
        assert _count(world, f"read_entry WHERE purpose = '{purpose}'") == 1
    found = visitor.post("/zoeken", {"query": "Voorbeeld"})
    visitor.get(found.location)
    assert crowded in visitor.page
    assert _count(world, "read_entry WHERE purpose = 'search'") >= 1
    officer = as_user("tiny")
    officer.get("/gemeente")
    assert crowded in officer.page
    assert _count(world, "read_entry WHERE purpose = 'inbox'") == 1


def _count(world: World, what: str) -> int:
    with world.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0)  # noqa: S608 - own names
