"""Verify names every planted defect, and rebuild mends the sums."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.vocabulary import ApportionMethod, CaseState
from tests.database import Database, Server
from tests.factories import household, household_in
from tests.world import SEAL, World, opened
from workflows.flow.dwelling import rebuild_dwelling
from workflows.quota.assignment import Announcement, assign_quota
from workflows.quota.period import HalfYear
from workflows.quota.rebuild import rebuild
from workflows.quota.table import Level, standing
from workflows.quota.verify import verify

GUARDED = ("quota_entry", "case_event", "event_detail")
LINE = (
    "municipality_code, half_year, kind, persons, booked_on, recorded_at, case_id, person_id,"
    " event_id, recorded_by"
)
PLANTED = {
    "rollup": "UPDATE quota_rollup SET persons = persons + 1 WHERE grain = 'month'",
    "rollup missing": "DELETE FROM quota_rollup WHERE grain = 'day' AND kind = 'realised'",
    "balance": "UPDATE quota_balance SET realised = realised + 1",
    "line missing": "DELETE FROM quota_entry WHERE kind = 'released'",
    "line doubled": f"INSERT INTO quota_entry ({LINE})"  # noqa: S608 - constants of this file
    f" SELECT {LINE} FROM quota_entry WHERE kind = 'reserved' LIMIT 1",
    "line changed": "UPDATE quota_entry SET booked_on = booked_on + 1 WHERE kind = 'realised'",
    "source": f"INSERT INTO quota_entry ({LINE})"  # noqa: S608 - constants of this file
    f" SELECT {LINE} FROM quota_entry WHERE kind = 'opening' LIMIT 1",
    "source of a quota": "UPDATE quota_entry SET national_quota_id = NULL WHERE kind = 'quota'",
    "division": "UPDATE national_quota SET persons = persons + 900",
    "realisation": "DELETE FROM realisation",
    "reservation": "UPDATE case_file SET reserved = reserved + 1 WHERE reserved > 0",
    "chain": "UPDATE case_event SET from_state = 'moving' WHERE version = 4",
    "chain broken": "UPDATE case_event SET version = 99 WHERE version = 4",
    "state": "UPDATE case_file SET version = version + 1",
    "stay": "UPDATE stay SET entered_at = entered_at - interval '1 day'",
    "stay left open": "UPDATE stay SET left_at = left_at + interval '1 second'",
    "stay of another": "UPDATE stay SET organisation_id = 1 WHERE left_at IS NULL",
    "stay missing": "DELETE FROM stay WHERE state = 'screened'",
    "dwelling": "UPDATE stay SET dwelt_tenths = dwelt_tenths + 1",
    "dwelling forgotten": "UPDATE stay SET dwelt_tenths = NULL WHERE state = 'linked'",
    "dwelling too early": "UPDATE stay SET dwelt_tenths = 0"
    " WHERE dwelt_tenths IS NULL AND left_at IS NOT NULL",
    "since": "UPDATE case_file SET state_since = state_since - interval '1 day'",
    "queue": "UPDATE case_file SET responsible_id = region_id, unassigned_on = permit_on,"
    " assign_due_on = permit_on + 2"
    " WHERE responsible_id IS NOT NULL AND municipal_contact_id IS NULL",
    "term": "UPDATE case_file SET due_on = due_on + 1 WHERE due_term IS NOT NULL",
    "term of an act": "UPDATE case_file SET act_since = act_since - 1",
    "term not followed": "UPDATE case_file SET act_term = NULL, act_since = NULL,"
    " act_due_on = NULL WHERE state = 'linked'",
    "custody": "UPDATE user_account SET active = false",
    "custody elsewhere": "UPDATE case_file SET assignee_id ="
    " (SELECT id FROM user_account WHERE email = 'manager@example.org')"
    " WHERE assignee_id IS NOT NULL",
    "access": "UPDATE case_file SET outcome_access_until = outcome_access_until + 1",
    "alert": "INSERT INTO alert (case_id, term, due_on, stage, stage_on, fired_on, fired_at)"
    " SELECT id, 'lease', due_on, 'reminder', due_on, due_on, now() FROM case_file"
    " WHERE due_on IS NOT NULL LIMIT 1",
    "queue of another": "UPDATE case_file SET waiting_party = 'region' WHERE state = 'preparing'",
    "household": "UPDATE case_file SET persons = persons + 1",
    "household open": "UPDATE household_membership SET left_on = NULL, end_reason = NULL",
    "detail": """UPDATE event_detail SET payload = payload || '{"x": 1}'""",
}


def fill(world: World) -> None:
    """Make cases that are waiting, housed and closed, and a quota."""
    announced = Announcement(
        half_year=HalfYear(2017, 1),
        persons=13_000,
        method=ApportionMethod.PUBLISHED_HALF_UP,
        source="Staatscourant",
    )
    with world.engine.begin() as connection:
        assign_quota(connection, world.actors["quota_officer"], announced, world.moment)
    household_in(CaseState.CLOSED, world, household(2, 1))
    household_in(CaseState.PREPARING, world)
    household_in(CaseState.LINKED, world)
    household_in(CaseState.ENDED, world)
    corrected = household_in(CaseState.HOUSED, world)
    corrected.take("sign_off", "case_manager", booked_on=world.today)
    corrected.take(
        "correct",
        "case_manager",
        subject="sign_off",
        member=corrected.members[0],
        wrong="Een vergissing.",
    )
    refused = household_in(CaseState.REFUSED, world)
    refused.take(
        "judge_refusal",
        "second_placement_officer",
        judgment="justified",
        motivation="Te ver van het ziekenhuis.",
    )
    refused.take("release_link", "placement_officer", reason="safety")


@pytest.fixture(scope="module")
def filled(server: Server, installed: Database) -> Iterator[Database]:
    """Yield a filled world as a template."""
    with server.temporary(installed.name) as database:
        with opened(database) as world:
            fill(world)
        yield database


@pytest.fixture
def world(server: Server, filled: Database) -> Iterator[World]:
    """Yield a filled world of this test alone."""
    with server.temporary(filled.name) as database, opened(database) as found:
        yield found


def kinds(world: World) -> Counter[str]:
    """Return how many differences of each kind there are."""
    with world.engine.connect() as connection:
        return Counter(each.kind for each in verify(connection, SEAL))


def plant(world: World, statement: str) -> None:
    """Change the database as its owner, past the guards that keep history."""
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))


@pytest.mark.parametrize("defect", PLANTED)
def test_a_planted_defect_is_named(world: World, defect: str) -> None:
    assert kinds(world) == Counter()
    plant(world, PLANTED[defect])
    assert defect.split(maxsplit=1)[0] in kinds(world)


def test_another_seal_fits_no_detail(world: World) -> None:
    with world.engine.connect() as connection:
        assert {each.kind for each in verify(connection, b"another seal")} == {"detail"}


def test_an_erased_detail_is_no_difference(world: World) -> None:
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(text("SET LOCAL thuisroute.retention = 'on'"))
        connection.execute(text("DELETE FROM event_detail"))
    assert kinds(world) == Counter()


def test_rebuild_mends_the_time_in_a_state(world: World) -> None:
    plant(world, PLANTED["since"])
    plant(world, PLANTED["dwelling"])
    plant(world, PLANTED["dwelling forgotten"])
    with world.engine.begin() as connection:
        assert rebuild_dwelling(connection, world.moment) > 0
    assert kinds(world) == Counter()
    with world.engine.begin() as connection:
        assert rebuild_dwelling(connection, world.moment) == 0


def test_rebuild_mends_the_sums(world: World) -> None:
    tomorrow = world.today + timedelta(days=1)
    with world.engine.connect() as connection:
        before = standing(connection, tomorrow, None, Level.MUNICIPALITY)
    plant(world, "UPDATE quota_rollup SET persons = persons * 2, lines = lines + 3")
    plant(world, "DELETE FROM quota_rollup WHERE grain = 'half_year'")
    plant(world, "UPDATE quota_balance SET obliged = 0, realised = 7, reserved = 9")
    with world.engine.begin() as connection:
        assert rebuild(connection, world.moment) > 0
    assert kinds(world) == Counter()
    with world.engine.connect() as connection:
        assert standing(connection, tomorrow, None, Level.MUNICIPALITY) == before
