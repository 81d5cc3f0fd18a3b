"""Members who join, leave, split off and merge, and minors who come alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.factories import (
    Household,
    household,
    household_in,
    lines,
    live_members,
    member,
    minor_in,
    refusal,
)
from tests.world import TINY, UTRECHT, World
from workflows.errors import NotFound


def _topics(made: Household) -> list[str]:
    with made.world.engine.connect() as connection:
        return list(
            connection.scalars(
                text(
                    "SELECT o.topic FROM outbox o JOIN case_event e ON e.id = o.event_id"
                    " JOIN case_file c ON c.id = e.case_id WHERE c.reference = :case"
                    " ORDER BY o.id"
                ),
                {"case": made.case},
            )
        )


def _tasks(made: Household) -> list[tuple[str, date]]:
    with made.world.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT t.kind, t.due_on FROM task t JOIN case_file c ON c.id = t.case_id"
                " WHERE c.reference = :case ORDER BY t.id"
            ),
            {"case": made.case},
        )
        return [(row[0], row[1]) for row in rows]


def test_a_birth_grows_the_reservation_and_tells_the_municipality(shared_world: World) -> None:
    made = household_in("preparing", shared_world, household(2))
    child = member("child", "2017-01-30", v_number=None)
    made.take(
        "add_member",
        "case_manager",
        members_to_add=[child],
        joined_on=shared_world.today,
        reason="born",
    )
    row = made.row()
    assert (row.persons, row.reserved, row.household_type) == (3, 3, "family")
    assert lines(made)[-1] == (UTRECHT, "2017-I", "reserved", 1)
    assert _topics(made)[-1] == "household_changed"


def test_a_birth_beyond_the_room_is_taken_and_raises_a_task(world: World) -> None:
    made = household_in("linked", world, household(2, 1), municipality=TINY)
    joined = {
        "members_to_add": [member("child", "2017-01-30", v_number=None)],
        "joined_on": world.today,
        "reason": "born",
    }
    made.take("add_member", "case_manager", **joined)
    changed = ("household_changed", date(2017, 2, 8))
    assert sorted(_tasks(made)) == [changed, ("room_exceeded", world.today)]


def test_add_member_refuses_what_register_refuses(shared_world: World) -> None:
    made = household_in("registered", shared_world)
    other = household_in("registered", shared_world, [member(v_number="9996666001")])
    assert other.members
    today = shared_world.today
    live = {
        "members_to_add": [member("child", v_number="9996666001")],
        "joined_on": today,
        "reason": "arrived",
    }
    assert refusal(made, "add_member", "case_manager", **live).code == "v_number_live"
    head = live | {"members_to_add": [member()]}
    assert refusal(made, "add_member", "case_manager", **head).code == "one_head"
    late = live | {"joined_on": today + timedelta(days=1)}
    assert refusal(made, "add_member", "case_manager", **late).code == "future"
    early = live | {"joined_on": today - timedelta(days=11)}
    assert refusal(made, "add_member", "case_manager", **early).code == "too_early"


def test_who_leaves_frees_room(shared_world: World) -> None:
    made = household_in("moving", shared_world, household(2, 1))
    leaving = {"left_on": shared_world.today, "reason": "left_unknown_destination"}
    made.take("remove_member", "case_manager", member=made.members[2], **leaving)
    row = made.row()
    assert (row.persons, row.reserved, row.household_type) == (2, 2, "couple")
    head = {"member": made.members[0], **leaving}
    assert refusal(made, "remove_member", "case_manager", **head).code == "one_head"
    made.take("remove_member", "case_manager", **head, new_head=made.members[1])
    last = {"member": made.members[1], **leaving}
    assert refusal(made, "remove_member", "case_manager", **last).code == "empty"


def test_remove_member_refuses_days_that_cannot_be(shared_world: World) -> None:
    made = household_in("linked", shared_world, household(2))
    today = shared_world.today
    asked = {"member": made.members[1], "reason": "deceased"}
    for day, code in ((today + timedelta(days=1), "future"), (date(2016, 1, 1), "too_early")):
        assert refusal(made, "remove_member", "case_manager", **asked, left_on=day).code == code


def _split(made: Household, *leaving: str, **changes: object) -> dict[str, object]:
    return {
        "leaving": list(leaving),
        "new_head": leaving[0],
        "split_on": made.world.today,
        "reason": "Ze gaan uit elkaar.",
        **changes,
    }


def test_a_split_divides_the_reservation(shared_world: World) -> None:
    made = household_in("offered", shared_world, household(2, 2))
    made.take("split_household", "case_manager", **_split(made, *made.members[1:3]))
    with shared_world.engine.connect() as connection:
        fresh = connection.scalar(
            text(
                "SELECT f.reference FROM case_file f JOIN case_file c ON c.id = f.origin_case_id"
                " WHERE c.reference = :case"
            ),
            {"case": made.case},
        )
    other = Household(shared_world, str(fresh), live_members(shared_world, str(fresh)))
    assert other.members == made.members[1:3]
    assert (made.row().reserved, other.row().reserved) == (2, 2)
    assert (made.row().state, other.row().state) == ("offered", "preparing")
    assert lines(made) == [(UTRECHT, "2017-I", "reserved", 4), (UTRECHT, "2017-I", "released", -2)]
    assert lines(other) == [(UTRECHT, "2017-I", "reserved", 2)]
    assert "household_changed" in _topics(made)


def test_split_refuses_all_none_and_who_moved(shared_world: World) -> None:
    made = household_in("moving", shared_world, household(2, 1))
    everyone = _split(made, *made.members)
    assert refusal(made, "split_household", "case_manager", **everyone).code == "all"
    stays = _split(made, made.members[1], new_head=made.members[2])
    assert refusal(made, "split_household", "case_manager", **stays).code == "head"
    headless = _split(made, made.members[0])
    assert refusal(made, "split_household", "case_manager", **headless).code == "one_head"
    made.take("sign_lease", "utrecht", title_on=shared_world.today)
    made.take("house", "utrecht", housed_on=shared_world.today, moved=made.members[:2])
    gone = _split(made, made.members[1])
    assert refusal(made, "split_household", "case_manager", **gone).code == "moved"
    made.take("split_household", "case_manager", **_split(made, made.members[2]))
    assert made.row().persons == 2


def _merge(other: Household) -> dict[str, object]:
    return {
        "other_case": other.case,
        "merged_on": other.world.today,
        "reason": "Ze zijn getrouwd.",
    }


def test_a_merge_grows_the_reservation_and_ends_the_other(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    other = household_in("screened", shared_world, household(1, 1))
    made.take("merge_household", "case_manager", **_merge(other))
    assert (made.row().persons, made.row().reserved) == (3, 3)
    assert (other.row().state, other.row().end_reason) == ("ended", "merged")
    assert set(live_members(shared_world, made.case)) == {*made.members, *other.members}
    assert live_members(shared_world, other.case) == []


def test_merge_refuses_a_linked_household_itself_and_another_centre(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    linked = household_in("linked", shared_world)
    assert refusal(made, "merge_household", "case_manager", **_merge(linked)).code == "linked"
    assert refusal(made, "merge_household", "case_manager", **_merge(made)).code == "itself"
    elsewhere = household_in("registered", shared_world)
    elsewhere.take(
        "change_centre",
        "case_manager",
        centre=shared_world.centre("azc Amsterdam"),
        moved_on=shared_world.today,
    )
    with pytest.raises(NotFound):
        made.take("merge_household", "case_manager", **_merge(elsewhere))


def test_a_new_centre_takes_the_case_over(shared_world: World) -> None:
    made = household_in("registered", shared_world)
    asked = {"centre": shared_world.centre("azc Amsterdam"), "moved_on": shared_world.today}
    future = asked | {"moved_on": shared_world.today + timedelta(days=1)}
    assert refusal(made, "change_centre", "case_manager", **future).code == "future"
    same = asked | {"centre": shared_world.centre()}
    assert refusal(made, "change_centre", "case_manager", **same).code == "same"
    made.take("change_centre", "case_manager", **asked)
    assert (made.row().assignee_id, made.row().waiting_party) == (None, "centre")
    with pytest.raises(NotFound):
        made.take("record_stay", "case_manager", place="centre", stays_from=shared_world.today)


def _place(made: Household, placement: str = "small_scale_reception") -> dict[str, object]:
    return {"placed_on": made.world.today, "placement": placement}


@pytest.mark.parametrize(
    ("born", "placement", "counts"),
    [
        ("2002-02-01", "small_scale_reception", True),
        ("2002-02-02", "small_scale_reception", False),
        ("2000-01-01", "reception_unit", False),
    ],
    ids=["fifteen today", "fifteen tomorrow", "in a unit"],
)
def test_a_placement_counts_from_fifteen_in_small_scale_reception(
    shared_world: World, born: str, placement: str, *, counts: bool
) -> None:
    made = minor_in("linked", shared_world, born)
    today = shared_world.today
    made.take("place_minor", "case_manager", **_place(made, placement))
    if not counts:
        said = refusal(made, "sign_off", "case_manager", booked_on=today)
        assert said.code == "does_not_count"
        made.take("move_on", "case_manager", moved_on=today)
    made.take("sign_off", "case_manager", booked_on=today)
    assert lines(made, "realised") == [(UTRECHT, "2017-I", "realised", 1)]


def test_a_placed_minor_stays_open_until_the_home_at_eighteen(shared_world: World) -> None:
    made = minor_in("linked", shared_world, "2000-03-15")
    today = shared_world.today
    made.take("place_minor", "case_manager", **_place(made))
    assert _tasks(made) == [("turns_18", date(2017, 9, 15))]
    made.take("sign_off", "case_manager", booked_on=today)
    closing = {"handover_outcome": "not_held", "reason": "Nidos draagt over."}
    assert refusal(made, "close", "case_manager", **closing).code == "placement"
    later = made.on(date(2018, 3, 20))
    later.take("move_on", "case_manager", moved_on=date(2018, 3, 16))
    later.take("close", "case_manager", **closing)
    assert sum(line[3] for line in lines(made, "realised")) == 1


def test_placement_is_for_minors_who_came_alone(shared_world: World) -> None:
    made = household_in("linked", shared_world)
    assert refusal(made, "place_minor", "case_manager", **_place(made)).code == "not_minor"
    minor = minor_in("linked", shared_world)
    early = _place(minor) | {"placed_on": shared_world.today - timedelta(days=11)}
    assert refusal(minor, "place_minor", "case_manager", **early).code == "too_early"


def test_every_open_case_waits_with_exactly_one_organisation(shared_world: World) -> None:
    for state in ("registered", "screened", "linked", "preparing", "offered", "moving", "housed"):
        made = household_in(state, shared_world)
        with shared_world.engine.connect() as connection:
            open_stays = connection.execute(
                text(
                    "SELECT s.state, s.waiting_party FROM stay s JOIN case_file c"
                    " ON c.id = s.case_id WHERE c.reference = :case AND s.left_at IS NULL"
                ),
                {"case": made.case},
            ).all()
        assert [tuple(row) for row in open_stays] == [(state, made.row().waiting_party)]


def test_a_relative_who_arrives_later_has_a_permit_date_of_its_own(shared_world: World) -> None:
    made = household_in("registered", shared_world, household(1))
    before = made.row().permit_on
    today = shared_world.today
    arrived = household(1, 0)
    arrived[0]["role"] = "partner"
    made.take(
        "add_member",
        "case_manager",
        members_to_add=arrived,
        joined_on=today,
        reason="arrived",
        permit_on=today,
    )
    with shared_world.engine.connect() as connection:
        dates = connection.scalars(
            text(
                "SELECT p.permit_on FROM person p JOIN household_membership m ON m.person_id = p.id"
                " WHERE m.case_id = :case ORDER BY p.permit_on"
            ),
            {"case": made.row().id},
        ).all()
    assert dates == [before, today]
    assert made.row().permit_on == before
