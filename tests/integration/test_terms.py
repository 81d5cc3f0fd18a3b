"""Terms beside a case's own clock: what pauses them, whose they are, and when none runs."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from models import migrations
from tests.database import PROGRAM_ROLE
from tests.factories import Household, household_in, minor_in, refusal, registered
from tests.integration.test_migrations import REVISIONS
from tests.world import SEAL, TODAY, World, opened
from webapp.commands.migrate import migrate
from webapp.embedded import EngineUrls
from workflows.deadlines.rebuild import rebuild_terms
from workflows.quota.verify import verify

WORK_WEEK = date(2017, 2, 8)


def suspend(made: Household, until: date) -> None:
    """Stop the clock of a household."""
    made.take("suspend", "case_manager", reason="illness", until=until)


def test_the_term_of_an_act_stands_still_while_a_case_is_suspended(shared_world: World) -> None:
    made = household_in("offered", shared_world)
    assert made.row().act_due_on == WORK_WEEK
    later = made.on(date(2017, 2, 3))
    suspend(later, date(2017, 2, 13))
    # Friday to Friday stand still; Thursday counted, so that Monday is the second day of five.
    assert made.row().act_due_on == date(2017, 2, 16)
    made.on(date(2017, 2, 7)).take("resume", "case_manager")
    # Resumed early: Friday and Monday stood still.
    assert made.row().act_due_on == date(2017, 2, 10)
    made.on(date(2017, 2, 9)).take("accept_offer", "case_manager")
    assert (made.row().act_term, made.row().act_stood) == (None, 0)


def test_a_suspension_after_the_term_does_not_lengthen_it(shared_world: World) -> None:
    made = household_in("offered", shared_world)
    suspend(made.on(date(2017, 2, 9)), date(2017, 3, 9))
    assert made.row().act_due_on == WORK_WEEK
    made.on(date(2017, 2, 20)).take("resume", "case_manager")
    assert made.row().act_due_on == WORK_WEEK


def test_a_term_that_comes_up_in_a_suspension_begins_when_it_is_over(shared_world: World) -> None:
    made = household_in("screened", shared_world)
    suspend(made, date(2017, 2, 8))
    made.take("link", "placement_officer", municipality=made.municipality)
    # Of the five days, the first that counts is the eighth.
    assert made.row().act_due_on == date(2017, 2, 14)


def test_a_late_link_is_not_charged_to_the_municipality(shared_world: World) -> None:
    made = household_in("screened", shared_world)
    row = made.on(date(2017, 3, 1)).take  # 38 days after the permit
    row("link", "placement_officer", municipality=made.municipality)
    found = made.row()
    assert found.due_on == found.permit_on + timedelta(days=84)
    assert (found.municipal_term, found.municipal_due_on) == (
        "municipality_lease",
        date(2017, 3, 1) + timedelta(days=70),
    )


def test_a_link_in_time_has_one_term(shared_world: World) -> None:
    made = household_in("screened", shared_world)
    made.on(TODAY + timedelta(days=4)).take(
        "link", "placement_officer", municipality=made.municipality
    )
    assert (made.row().municipal_term, made.row().municipal_due_on) == (None, None)


def test_only_what_is_suspended_since_the_link_lengthens_the_municipality_s_term(
    shared_world: World,
) -> None:
    made = household_in("screened", shared_world)
    suspend(made, date(2017, 2, 21))
    linked_on = date(2017, 2, 11)
    made.on(linked_on).take("link", "placement_officer", municipality=made.municipality)
    found = made.row()
    assert found.due_on == found.permit_on + timedelta(days=84 + 20)
    assert found.municipal_due_on == linked_on + timedelta(days=70 + 10)
    made.on(date(2017, 2, 16)).take("resume", "case_manager")
    assert made.row().municipal_due_on == linked_on + timedelta(days=70 + 5)


def test_a_child_in_reception_is_signed_off_in_a_later_home(shared_world: World) -> None:
    made = minor_in("linked", shared_world, "2005-06-01")
    made.take("place_minor", "case_manager", placed_on=TODAY, placement="small_scale_reception")
    assert (made.row().due_term, made.row().counts_since) == (None, None)
    assert refusal(made, "sign_off", "case_manager", booked_on=TODAY).code == "does_not_count"
    later = made.on(date(2019, 3, 4))
    later.take("move_on", "case_manager", moved_on=date(2019, 3, 1))
    assert (made.row().due_term, made.row().due_on) == ("sign_off", date(2019, 3, 8))
    later.take("sign_off", "case_manager", booked_on=date(2019, 3, 4))
    assert made.row().due_term is None


def test_a_child_who_turns_out_older_is_to_be_signed_off(shared_world: World) -> None:
    made = minor_in("linked", shared_world, "2005-06-01")
    made.take("place_minor", "case_manager", placed_on=TODAY, placement="small_scale_reception")
    made.take(
        "correct",
        "case_manager",
        subject="person",
        member=made.members[0],
        birth_date=date(2001, 6, 1),
        wrong="Het jaar was verkeerd overgenomen.",
    )
    assert (made.row().due_term, made.row().due_on) == ("sign_off", WORK_WEEK)


@pytest.mark.parametrize("kind", ["hosting_scheme", "reception_hotel"])
def test_nobody_is_signed_off_where_it_does_not_count(shared_world: World, kind: str) -> None:
    made = household_in("moving", shared_world)
    made.take("sign_lease", made.officer, title_on=TODAY)
    made.take("house", made.officer, housed_on=TODAY, housing_kind=kind)
    assert (made.row().state, made.row().due_term) == ("housed", None)
    made.take("move_on", made.officer, moved_on=TODAY)
    assert made.row().due_term == "sign_off"


def test_migrating_reckons_the_terms_of_cases_anew(world: World, tmp_path: Path) -> None:
    made = household_in("offered", world)
    suspend(made, date(2017, 4, 18))
    wanted = made.row()
    world.engine.dispose()
    migrations.downgrade(world.database.owner_url, PROGRAM_ROLE, REVISIONS[-2])
    # As SQL fills it in, that knows weeks but no Easter.
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.exec_driver_sql("UPDATE case_file SET act_due_on = act_due_on + 1")
    urls = EngineUrls(world.database.url, world.database.owner_url, "")
    migrate(urls, Settings(data=tmp_path))
    found = made.row()
    assert found.act_due_on == wanted.act_due_on == date(2017, 4, 24)
    assert found == wanted
    with opened(world.database) as after, after.engine.begin() as connection:
        assert not list(verify(connection, SEAL))


def test_rebuilding_mends_each_term(world: World) -> None:
    household_in("linked", world)
    registered(world)
    household_in("closed", world)
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE case_file SET municipal_due_on = municipal_due_on + 1, due_on = due_on + 1,"
            " outcome_access_until = outcome_access_until + 1"
        )
    with world.engine.begin() as connection:
        kinds = Counter(each.kind for each in verify(connection, SEAL))
        assert kinds == {"term": 2, "access": 1}
        assert rebuild_terms(connection, world.moment) == 3
        assert not list(verify(connection, SEAL))
