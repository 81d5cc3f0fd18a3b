"""A suspension that is over ends by itself: once, by the program, with its days."""

from datetime import timedelta

from sqlalchemy import text

from tests.factories import household_in, refusal
from tests.world import World
from workflows.program_actor import EMAIL
from workflows.sign_in import find_account
from workflows.suspension import resume_those_over


def _run(world: World) -> int:
    with world.engine.begin() as connection:
        return resume_those_over(connection, world.moment)


def test_the_clock_runs_again_the_day_after_the_last(world: World) -> None:
    made = household_in("screened", world)
    due = made.row().due_on
    made.take("suspend", "case_manager", reason="illness", until=world.today + timedelta(days=9))
    assert _run(world.later(9)) == 0, "until and including the last day"
    assert _run(world.later(10)) == 1
    row = made.row()
    assert (row.suspended_on, row.suspended_days) == (None, 9)
    assert row.due_on == due + timedelta(days=9)
    assert _run(world.later(10)) == 0
    assert _run(world.later(30)) == 0


def test_the_trail_names_the_program_and_nobody_signs_in_as_it(world: World) -> None:
    made = household_in("screened", world)
    made.take("suspend", "case_manager", reason="illness", until=world.today + timedelta(days=1))
    _run(world.later(2))
    with world.engine.connect() as connection:
        name, active = connection.execute(
            text(
                "SELECT u.name, u.active FROM case_event e JOIN user_account u ON u.id = e.actor_id"
                " WHERE e.step = 'resume_on_time'"
            )
        ).one()
        assert (name, active) == ("Thuisroute", False)
        assert find_account(connection, EMAIL) is None
        grants = connection.scalar(
            text(
                "SELECT count(*) FROM access_grant g JOIN user_account u ON u.id = g.user_id"
                " WHERE u.email = :email"
            ),
            {"email": EMAIL},
        )
        assert grants == 0


def test_nobody_ends_a_suspension_before_its_time_by_this_step(world: World) -> None:
    made = household_in("screened", world)
    assert refusal(made, "resume_on_time", "functional_manager").code == "not_suspended"
    made.take("suspend", "case_manager", reason="illness", until=world.today + timedelta(days=9))
    assert refusal(made, "resume_on_time", "functional_manager").code == "not_over"
