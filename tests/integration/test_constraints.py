"""The database itself refuses wrong data: as the program's role, and even as the owner."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from models import Base
from models.grants import APPEND_ONLY
from tests.factories import household, household_in
from tests.world import UTRECHT, World

HISTORY = sorted(APPEND_ONLY)


@pytest.fixture(scope="module")
def owner(shared_world: World) -> Iterator[Engine]:
    """Yield an engine of the owner on a world with closed, housed and linked households."""
    for state in ("closed", "housed", "linked", "registered"):
        household_in(state, shared_world, household(2))
    household_in("refused", shared_world)
    with shared_world.database.engine(owner=True) as made:
        with made.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO read_entry (recorded_at, actor_id, purpose)"
                    " SELECT now(), id, 'test' FROM user_account LIMIT 1"
                )
            )
        yield made


@pytest.fixture(scope="module")
def program(shared_world: World, owner: Engine) -> Engine:
    """Return an engine of the program's role on the same world."""
    return shared_world.engine


def refused(engine: Engine, statement: str, **values: Any) -> str:
    """Return the name of the constraint, or the message, with which a statement is refused."""
    with pytest.raises(DBAPIError) as raised, engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount != 0, "it touched no row"
    name = getattr(getattr(raised.value.orig, "diag", None), "constraint_name", None)
    return str(name or raised.value.orig)


def rewriting(table: str, act: str) -> str:
    """Return a statement that would rewrite the history of a table."""
    key = next(iter(Base.metadata.tables[table].primary_key)).name
    return {
        "UPDATE": f'UPDATE "{table}" SET {key} = {key}',  # noqa: S608 - own names
        "DELETE": f'DELETE FROM "{table}"',  # noqa: S608 - the same
        "TRUNCATE": f'TRUNCATE "{table}" CASCADE',
    }[act]


def is_empty(engine: Engine, table: str) -> bool:
    with engine.connect() as connection:
        found = connection.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1'))  # noqa: S608 - own names
        return found.first() is None


def row_guards(engine: Engine, table: str) -> list[str]:
    """Return the functions that triggers call before each update and delete of a table's rows."""
    with engine.connect() as connection:
        return list(
            connection.scalars(
                text(
                    "SELECT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                    " WHERE t.tgrelid = to_regclass(:name) AND t.tgenabled = 'O'"
                    # before (2), for each row (1), delete (8) and update (16)
                    " AND t.tgtype & 27 = 27"
                ),
                {"name": table},
            )
        )


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE"])
def test_history_is_not_rewritten_even_by_the_owner(owner: Engine, table: str, act: str) -> None:
    if act != "TRUNCATE" and is_empty(owner, table):
        # A trigger on rows is silent where there are none: it is there, and on.
        assert row_guards(owner, table) == ["refuse_change"]
        return
    assert "keeps history" in refused(owner, rewriting(table, act))


def test_an_empty_table_without_a_guard_is_found(owner: Engine) -> None:
    assert row_guards(owner, "program_fact") == []


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_program_has_no_right_to_rewrite_history(program: Engine, table: str, act: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), program.begin() as connection:
        connection.execute(text(rewriting(table, act)))


def test_the_program_cannot_erase_details_by_claiming_to_be_the_retention_job(
    program: Engine, owner: Engine
) -> None:
    with program.begin() as connection:
        connection.execute(text("SET LOCAL thuisroute.retention = 'on'"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("DELETE FROM event_detail"))
    with owner.connect() as connection, connection.begin() as transaction:
        connection.execute(text("SET LOCAL thuisroute.retention = 'on'"))
        assert connection.execute(text("DELETE FROM event_detail")).rowcount > 0
        transaction.rollback()


def test_the_program_owns_nothing(program: Engine) -> None:
    with program.connect() as connection:
        owned = connection.scalars(
            text(
                "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
                " WHERE r.rolname = current_user UNION ALL"
                " SELECT proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
                " WHERE r.rolname = current_user UNION ALL"
                " SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                " WHERE r.rolname = current_user"
            )
        ).all()
        assert owned == []
        rights = connection.execute(
            text(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
        assert not any(rights)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE quota_entry DISABLE TRIGGER ALL",
        "ALTER TABLE case_file ADD COLUMN extra text",
        "DROP TABLE audit_entry",
        "CREATE TABLE hidden (id int)",
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$"
        ),
        "SET session_replication_role = 'replica'",
        "UPDATE alembic_version SET version_num = 'x'",
        "DELETE FROM case_file",
        "DELETE FROM person",
        "DELETE FROM stay",
        "DELETE FROM norm",
        "SET ROLE thuisroute_owner",
    ],
)
def test_the_program_may_not_alter_or_delete(program: Engine, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        program.begin() as connection,
    ):
        connection.execute(text(statement))


_REVERSE = """
    INSERT INTO quota_entry (municipality_code, half_year, kind, persons, booked_on, recorded_at,
                             case_id, person_id, event_id, reverses, recorded_by)
    SELECT municipality_code, half_year, {kind}, {persons}, {booked_on}, now(),
           case_id, {person}, event_id, {reverses}, recorded_by
      FROM quota_entry WHERE kind = 'realised' AND reverses IS NULL ORDER BY id LIMIT 1
"""


def _reversal(**changes: str) -> str:
    parts = {
        "kind": "kind",
        "persons": "-persons",
        "booked_on": "booked_on",
        "person": "person_id",
        "reverses": "id",
    }
    return _REVERSE.format(**parts | changes)


def test_a_line_is_reversed_once(owner: Engine) -> None:
    with owner.connect() as connection, connection.begin() as transaction:
        connection.execute(text(_reversal()))
        with pytest.raises(IntegrityError, match="uq_quota_entry_reverses"):
            connection.execute(text(_reversal()))
        transaction.rollback()


@pytest.mark.parametrize(
    "changes",
    [
        {"persons": "persons"},
        {"booked_on": "booked_on - 1"},
        {"kind": "'reserved'"},
        {"person": "(SELECT max(id) FROM person)"},
        {"reverses": "(SELECT min(id) FROM quota_entry WHERE kind = 'opening')"},
    ],
)
def test_a_reversal_copies_its_line_and_negates_it(owner: Engine, changes: dict[str, str]) -> None:
    assert "a reversal copies" in refused(owner, _reversal(**changes))


def test_a_reversal_is_not_reversed(owner: Engine) -> None:
    with owner.connect() as connection, connection.begin() as transaction:
        connection.execute(text(_reversal()))
        again = _reversal().replace("reverses IS NULL", "reverses IS NOT NULL")
        with pytest.raises(IntegrityError, match="a reversal copies"):
            connection.execute(text(again))
        transaction.rollback()


_LINE = """
    INSERT INTO quota_entry (municipality_code, half_year, kind, persons, booked_on, recorded_at,
                             case_id, person_id, event_id, recorded_by)
    VALUES (:code, :half, :kind, :persons, :booked, now(), {case}, {person}, {event},
            (SELECT min(id) FROM user_account))
"""


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"half": "2016-II"}, "ck_quota_entry_booked_half_year"),
        ({"half": "2017-III", "kind": "transfer_in"}, "ck_quota_entry_half_year"),
        ({"kind": "gift"}, "ck_quota_entry_kind_code"),
        ({"code": "GM9999"}, "fk_quota_entry_municipality_code"),
        ({"kind": "realised", "persons": 0}, "ck_quota_entry_persons"),
        ({"kind": "reserved"}, "ck_quota_entry_reserved_has_case"),
    ],
)
def test_a_line_must_make_sense(owner: Engine, changes: dict[str, Any], constraint: str) -> None:
    line = {
        "code": UTRECHT,
        "half": "2017-I",
        "kind": "quota",
        "persons": 1,
        "booked": "2017-01-01",
    }
    statement = _LINE.format(case="NULL", person="NULL", event="NULL")
    assert refused(owner, statement, **line | changes) == constraint


def test_a_person_is_realised_by_one_person_and_an_event(owner: Engine) -> None:
    line = {"code": UTRECHT, "half": "2017-I", "kind": "realised", "booked": "2017-01-01"}
    person = "(SELECT min(id) FROM person)"
    event = "(SELECT min(id) FROM case_event)"
    two = _LINE.format(case="NULL", person=person, event=event)
    assert refused(owner, two, **line, persons=2) == "ck_quota_entry_one_person"
    no_event = _LINE.format(case="NULL", person=person, event="NULL")
    assert refused(owner, no_event, **line, persons=1) == "ck_quota_entry_person_has_event"


def test_a_person_has_one_live_realisation(owner: Engine) -> None:
    statement = "INSERT INTO realisation SELECT person_id, entry_id FROM realisation LIMIT 1"
    assert refused(owner, statement) == "pk_realisation"


@pytest.mark.parametrize(
    ("state", "change", "constraint"),
    [
        ("linked", "municipality_code = NULL", "linked"),
        ("linked", "linked_on = NULL", "linked_on"),
        ("linked", "linked_by = NULL", "linked_on"),
        ("linked", "responsible_id = NULL", "in_hand_or_unassigned"),
        ("linked", "waiting_party = NULL", "live_waits"),
        ("linked", "finished_on = '2017-01-01'", "finished"),
        ("linked", "persons = 0", "live_has_members"),
        ("linked", "version = 0", "version"),
        ("linked", "reserved = -1", "reserved"),
        ("linked", "reserved_half_year = NULL", "reserved"),
        ("linked", "waiting_party = 'nobody'", "waiting_party_code"),
        ("linked", "state = 'offered'", "offer"),
        ("linked", "state = 'housed'", "housed"),
        ("linked", "state = 'screened'", "linked_municipality"),
        ("linked", "end_reason = 'withdrawn'", "end_reason"),
        ("linked", "handover_outcome = 'not_held'", "handover_outcome"),
        ("linked", "suspended_on = '2017-01-01'", "suspension"),
        ("linked", "centre_id = NULL", "centre"),
        ("linked", "kind = 'family_follow_on'", "sponsor"),
        ("linked", "kind = 'unaccompanied_minor'", "guardian"),
        ("linked", "municipal_due_on = NULL", "municipal_term"),
        ("linked", "municipal_term = 'lease'", "municipal_term"),
        ("linked", "act_stood = -1", "days_that_stood_still"),
        ("linked", "suspended_before_link = -1", "days_that_stood_still"),
        ("linked", "counts_since = '2017-01-01'", "counts_since"),
        (
            "closed",
            "municipal_term = 'municipality_lease', municipal_due_on = linked_on",
            "terms_run_on_live_cases",
        ),
        ("registered", "state = 'screened'", "screened"),
        ("housed", "housed_on = NULL, counts_since = NULL", "housed"),
        ("housed", "title_on = housed_on + 1", "title_before_move"),
        ("refused", "offer_id = NULL", "offer"),
        ("closed", "responsible_id = region_id", "one_responsible"),
        ("closed", "outcome_access_until = NULL", "outcome_access"),
        ("housed", "outcome_access_until = '2019-02-01'", "outcome_access"),
    ],
)
def test_a_case_has_what_its_state_needs(
    owner: Engine, state: str, change: str, constraint: str
) -> None:
    statement = f"UPDATE case_file SET {change} WHERE state = '{state}'"  # noqa: S608 - own words
    assert refused(owner, statement).startswith(f"ck_case_file_{constraint}")


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("v_number", "999000000", "ck_person_v_number"),
        ("v_number", "99900000O1", "ck_person_v_number"),
        ("bsn", "123456789", "ck_person_bsn"),
        ("bsn", "000000000", "ck_person_bsn"),
        ("bsn", "12345678", "ck_person_bsn"),
        ("nationality", "Syrian", "ck_person_nationality"),
        ("sex", "m", "ck_person_sex_code"),
        ("given_names", "", "ck_person_name_length"),
        ("family_name", "x" * 101, "ck_person_name_length"),
        ("reference", "short", "ck_person_reference"),
    ],
)
def test_a_person_is_well_formed(owner: Engine, column: str, value: str, constraint: str) -> None:
    statement = f"UPDATE person SET {column} = :value WHERE id = (SELECT min(id) FROM person)"  # noqa: S608 - own names
    assert refused(owner, statement, value=value) == constraint


def test_a_bsn_that_passes_the_eleven_test_is_kept(owner: Engine) -> None:
    with owner.connect() as connection, connection.begin() as transaction:
        changed = connection.execute(
            text("UPDATE person SET bsn = '111222333' WHERE id = (SELECT min(id) FROM person)")
        )
        assert changed.rowcount == 1
        transaction.rollback()


def _copy_membership(connection: Connection, **changes: str) -> None:
    parts = {"case_id": "case_id", "person_id": "person_id", "role": "role"} | changes
    statement = (
        "INSERT INTO household_membership (case_id, person_id, role, joined_on, start_reason)"
        " SELECT {case_id}, {person_id}, {role}, joined_on, start_reason"
        " FROM household_membership WHERE left_on IS NULL AND role = 'head' ORDER BY id LIMIT 1"
    )
    connection.execute(text(statement.format(**parts)))


def test_a_person_is_a_live_member_once(owner: Engine) -> None:
    with (
        pytest.raises(IntegrityError, match="uq_household_membership_live"),
        owner.begin() as connection,
    ):
        _copy_membership(connection, case_id="(SELECT max(id) FROM case_file)", role="'other'")


def test_a_household_has_one_head(owner: Engine) -> None:
    someone = "(SELECT person_id FROM household_membership WHERE left_on IS NOT NULL LIMIT 1)"
    with (
        pytest.raises(IntegrityError, match="uq_household_membership_head"),
        owner.begin() as connection,
    ):
        _copy_membership(connection, person_id=someone)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            (
                "INSERT INTO stay (case_id, state, organisation_id, waiting_party, entered_at)"
                " SELECT case_id, state, organisation_id, waiting_party, now() FROM stay"
                " WHERE left_at IS NULL LIMIT 1"
            ),
            "uq_stay_open",
        ),
        ("UPDATE stay SET state = 'closed'", "ck_stay_live_state"),
        ("UPDATE stay SET left_at = entered_at - interval '1 day'", "ck_stay_left_after_entered"),
        ("UPDATE stay SET dwelt_tenths = -1", "ck_stay_dwelt_until_left"),
        ("UPDATE stay SET left_at = NULL, dwelt_tenths = 4", "ck_stay_dwelt_until_left"),
        ("UPDATE quota_balance SET reserved = -1", "ck_quota_balance_reserved"),
        ("UPDATE quota_rollup SET lines = 0", "ck_quota_rollup_lines"),
        ("UPDATE housing_offer SET rooms = 0", "ck_housing_offer_rooms"),
        ("UPDATE housing_offer SET status = 'open' WHERE status = 'refused'", "ck_housing_offer"),
        ("UPDATE user_account SET email = 'No Address'", "ck_user_account_email"),
        (
            (
                "INSERT INTO case_event (case_id, version, step, actor_id, organisation_id,"
                " recorded_at, from_state, to_state, facts, postings)"
                " SELECT case_id, version, step, actor_id, organisation_id, recorded_at,"
                " from_state, to_state, facts, postings FROM case_event LIMIT 1"
            ),
            "uq_case_event_case_id_version",
        ),
    ],
)
def test_other_tables_keep_their_sense(owner: Engine, statement: str, constraint: str) -> None:
    assert refused(owner, statement).startswith(constraint)
