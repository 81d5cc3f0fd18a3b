"""Rule 8 of the warm handover: what happens to the case closes it cleanly, or is refused."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Case, Handover
from tests.factories import (
    NO_TALK,
    Household,
    Row,
    household,
    household_in,
    member,
    refusal,
    registered,
)
from tests.handovers import (
    hand_over,
    handed_over,
    row_of,
    seen_by,
)
from tests.world import SECOND_CENTRE, UTRECHT, World


def test_8_late_edits_by_the_former_owner_do_not_pull_ownership_back(
    shared_world: World,
) -> None:
    made = handed_over("accepted", shared_world)
    owner = made.row().responsible_id
    day = shared_world.today
    made.take("record_preparation", "case_manager", member=made.members[0],
              module="dutch_lessons", on_date=day, hours=2)  # fmt: skip
    made.take("suspend", "case_manager", reason="illness", until=date(2017, 3, 1))
    made.take("resume", "case_manager")
    made.take(
        "change_centre",
        "placement_officer",
        centre=shared_world.centre(SECOND_CENTRE),
        moved_on=day,
    )
    made.take("assign", "second_case_manager",
              colleague=shared_world.references["second_case_manager"])  # fmt: skip
    assert made.row().responsible_id == owner
    assert made.row().handover_state == "accepted"


@pytest.mark.parametrize("state", ["draft", "offered", "question", "answered", "accepted"])
@pytest.mark.parametrize("ending", ["end", "release_link"])
def test_8_ending_the_case_or_its_link_closes_an_open_handover(
    shared_world: World, state: str, ending: str
) -> None:
    made = handed_over(state, shared_world)
    if ending == "end":
        made.take("end", "case_manager", reason="withdrawn", ended_on=shared_world.today)
    else:
        made.take("release_link", "placement_officer", reason="safety")
    row, case = row_of(made), made.row()
    expected = "case_ended" if ending == "end" else "link_ended"
    assert (row.state, row.reason) == ("withdrawn", expected)
    assert (case.handover_id, case.handover_state) == (None, None)
    assert not any(view.sees_snapshot or view.sees_thread for view in seen_by(made, "utrecht"))


def test_8_a_completed_handover_ends_with_its_link_and_a_new_link_begins_anew(
    shared_world: World,
) -> None:
    made = handed_over("completed", shared_world)
    made.take("release_link", "placement_officer", reason="safety")
    assert row_of(made).state == "completed"
    made.take("link", "placement_officer", municipality=UTRECHT)
    assert made.row().responsible_id == row_of(made).sender_id
    assert [view.sees_snapshot for view in seen_by(made, "utrecht")] == [False]


def test_8_splitting_closes_it_is_refused_or_carries_it_over(shared_world: World) -> None:
    def split(made: Household) -> Row:
        return {
            "leaving": [made.members[1]],
            "new_head": made.members[1],
            "split_on": shared_world.today,
            "reason": "Ze gaan uit elkaar.",
        }

    offered = handed_over("offered", shared_world, household(2))
    offered.take("split_household", "case_manager", **split(offered))
    assert (row_of(offered).state, row_of(offered).reason) == ("withdrawn", "household_changed")

    accepted = handed_over("accepted", shared_world, household(2))
    said = refusal(accepted, "split_household", "case_manager", **split(accepted))
    assert said.code == "handover_accepted"

    completed = handed_over("completed", shared_world, household(2))
    completed.take("split_household", "case_manager", **split(completed))
    with shared_world.engine.connect() as connection:
        fresh = connection.execute(
            select(Case.__table__).where(Case.origin_case_id == completed.row().id)
        ).one()
        carried = connection.execute(
            select(Handover.__table__).where(Handover.id == fresh.handover_id)
        ).one()
    assert fresh.responsible_id == completed.row().responsible_id == carried.target_id
    assert carried.origin_id == row_of(completed).id


def test_8_merging_closes_it_or_is_refused(shared_world: World) -> None:
    offered = handed_over("offered", shared_world)
    other = registered(shared_world, [member()])
    merging = {"merged_on": shared_world.today, "reason": "Ze zijn getrouwd."}
    offered.take("merge_household", "case_manager", other_case=other.case, **merging)
    assert (row_of(offered).state, row_of(offered).reason) == ("withdrawn", "household_changed")
    accepted = handed_over("accepted", shared_world)
    third = registered(shared_world, [member()])
    said = refusal(accepted, "merge_household", "case_manager", other_case=third.case, **merging)
    assert said.code == "handover_accepted"


@pytest.mark.parametrize(
    ("state", "after"),
    [("draft", "withdrawn"), ("answered", "withdrawn"), ("accepted", "completed")],
)
def test_8_closing_the_case_unheld_closes_an_open_handover(
    shared_world: World, state: str, after: str
) -> None:
    made = household_in("housed", shared_world)
    made.take("sign_off", "case_manager", booked_on=shared_world.today)
    hand_over(made, state)
    assert (
        refusal(made, "close", "case_manager", handover_outcome="completed").code == "no_handover"
    )
    made.take("close", "case_manager", **NO_TALK)
    assert (row_of(made).state, row_of(made).interview_held) == (
        after,
        False if after == "completed" else None,
    )


def test_8_a_held_interview_closes_the_case_as_completed(shared_world: World) -> None:
    made = household_in("housed", shared_world)
    made.take("sign_off", "case_manager", booked_on=shared_world.today)
    hand_over(made, "completed")
    assert refusal(made, "close", "case_manager", **NO_TALK).code == "handover_held"
    made.take("close", "case_manager", handover_outcome="completed")
    assert made.row().handover_outcome == "completed"
    assert [view.sees_snapshot for view in seen_by(made, "utrecht")] == [True]
