"""The migrations make what the models say, go down and up again, and keep what is stored."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from models import Base, migrations
from tests.database import PROGRAM_ROLE, Database, Server
from tests.factories import household, household_in
from tests.sameness import assert_same
from tests.world import SEAL, World, opened
from workflows.quota.verify import verify

REVISIONS = [
    each.revision
    for each in ScriptDirectory.from_config(migrations.configuration()).walk_revisions()
][::-1]

# The catalogue in words: what stands in both must read the same.
CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
           AND NOT a.attisdropped AND c.relname <> 'alembic_version'""",
    "constraints": """
        SELECT c.relname, o.conname, o.contype::text, o.condeferrable, o.condeferred,
               pg_get_constraintdef(o.oid)
          FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
         WHERE o.connamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename <> 'alembic_version'""",
}
REST = {
    "triggers": """
        SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal""",
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.prolang <> 13""",
    "rights": """
        SELECT table_name, privilege_type FROM information_schema.role_table_grants
         WHERE grantee = 'thuisroute' AND table_name <> 'alembic_version'""",
}

ZEVENAAR = "centrale opvangtaak: opvangcentrum Zevenaar"
# As an installation started before its reasons were Dutch, but for one that somebody changed.
BEFORE_DUTCH = """
    UPDATE municipality_exemption
       SET reason = 'central reception task: application centre Ter Apel'
     WHERE municipality_code = 'GM0048';
    UPDATE municipality_exemption SET reason = 'A reason of our own.'
     WHERE municipality_code = 'GM0299';
    ALTER TABLE score_weights DISABLE TRIGGER USER;
    UPDATE score_weights SET reason = 'First version, from the reference tables.';
    ALTER TABLE score_weights ENABLE TRIGGER USER;
    UPDATE specialist_care
       SET source = 'public list of specialist hospitals: academic hospitals AMC and VUmc'
     WHERE municipality_code = 'GM0363' AND kind = 'academic';
    UPDATE ladder_criterion
       SET source = 'assumption: after the recovery term the decision is carried out'
     WHERE step = 6;
"""


def catalogue(connection: Connection, parts: dict[str, str]) -> dict[str, set[tuple[Any, ...]]]:
    """Return what the database says of its own objects."""
    return {
        name: {tuple(row) for row in connection.execute(text(statement))}
        for name, statement in parts.items()
    }


@pytest.fixture
def empty(server: Server) -> Iterator[Database]:
    """Yield a database without tables."""
    with server.temporary() as made:
        yield made


def test_the_models_equal_the_head(
    server: Server, database: Database, owner_engine: Engine
) -> None:
    with server.temporary() as other, other.engine(owner=True) as bare:
        with bare.begin() as connection:
            connection.execute(text("CREATE EXTENSION pg_trgm"))
            Base.metadata.create_all(connection)
            said = catalogue(connection, CATALOGUE)
        with owner_engine.connect() as connection:
            found = catalogue(connection, CATALOGUE)
    for part, rows in said.items():
        assert rows - found[part] == set(), f"{part} of the models that no migration makes"
        assert found[part] - rows == set(), f"{part} of a migration that no model says"


def test_each_revision_goes_up_and_down_and_up(empty: Database) -> None:
    seen = []
    for revision in REVISIONS:
        migrations.upgrade(empty.owner_url, PROGRAM_ROLE, revision)
        seen.append(_state(empty))
    for position in range(len(REVISIONS) - 1, 0, -1):
        migrations.downgrade(empty.owner_url, PROGRAM_ROLE, REVISIONS[position - 1])
        assert _state(empty) == seen[position - 1], f"down to {REVISIONS[position - 1]}"
    migrations.downgrade(empty.owner_url, PROGRAM_ROLE, "base")
    with empty.engine(owner=True) as engine, engine.connect() as connection:
        left = catalogue(connection, {"columns": CATALOGUE["columns"]} | REST)
    assert not left["columns"]
    assert not left["triggers"]
    migrations.upgrade(empty.owner_url, PROGRAM_ROLE)
    assert _state(empty) == seen[-1]
    assert migrations.current(empty.url) == migrations.head()


def test_an_import_has_a_place_to_stand_where_nobody_else_has_rights(
    server: Server, empty: Database
) -> None:
    server.leave_nothing_to_the_public(empty)
    migrations.upgrade(empty.owner_url, PROGRAM_ROLE)
    with empty.engine() as engine, engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE given (number int) ON COMMIT DROP"))
        with pytest.raises(ProgrammingError):
            connection.execute(text("CREATE TABLE kept (number int)"))


def _state(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    with database.engine(owner=True) as engine, engine.connect() as connection:
        return catalogue(connection, CATALOGUE | REST)


def test_an_upgrade_keeps_what_is_stored(server: Server, world: World) -> None:
    """The revision before the head, filled by taking steps, goes to the head unchanged.

    The tables of the head itself were not there to keep anything.
    """
    # Instants lie on the business day, as they do outside tests: old rows are dated by them.
    offset = datetime(2017, 2, 1, 11, tzinfo=UTC) - datetime.now(UTC)
    at_noon = replace(world, moment=replace(world.moment, offset=offset))
    for state in ("closed", "housed", "refused", "linked"):
        household_in(state, at_noon, household(2))
    world.engine.dispose()
    with server.temporary(world.database.name) as other:
        tables = _tables(other)
        migrations.downgrade(other.owner_url, PROGRAM_ROLE, REVISIONS[-2])
        newest = tables - _tables(other)
        migrations.upgrade(other.owner_url, PROGRAM_ROLE)
        with opened(other) as after, after.engine.begin() as connection:
            with world.engine.connect() as before:
                assert_same(before, connection, newest)
            assert not list(verify(connection, SEAL))
        with opened(other) as after:
            household_in("closed", after)


def test_reasons_in_english_are_renewed_and_those_of_people_are_not(
    server: Server, installed: Database
) -> None:
    with server.temporary(installed.name) as database:
        migrations.downgrade(database.owner_url, PROGRAM_ROLE, "0029")
        with database.engine(owner=True) as engine, engine.begin() as connection:
            right = _reasons(connection)
            for statement in BEFORE_DUTCH.split(";")[:-1]:
                connection.execute(text(statement))
            english = set(_reasons(connection)) - set(right)
            assert {table for table, _ in english} == {table for table, _ in right}
        migrations.upgrade(database.owner_url, PROGRAM_ROLE)
        with database.engine(owner=True) as engine, engine.begin() as connection:
            found = _reasons(connection)
    own = ("municipality_exemption", "A reason of our own.")
    assert found == [each if each[1] != ZEVENAAR else own for each in right]


def _reasons(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        text(
            "SELECT 'municipality_exemption', reason, municipality_code FROM municipality_exemption"
            " UNION ALL SELECT 'score_weights', reason, id::text FROM score_weights"
            " UNION ALL SELECT 'specialist_care', source, municipality_code || kind"
            " FROM specialist_care"
            " UNION ALL SELECT 'ladder_criterion', source, province_code || step"
            " FROM ladder_criterion ORDER BY 1, 3"
        )
    )
    return [(table, reason) for table, reason, _key in rows]


def _tables(database: Database) -> set[str]:
    with database.engine(owner=True) as engine, engine.connect() as connection:
        return {table for table, *_ in catalogue(connection, CATALOGUE)["columns"]}


def test_two_migrations_at_once_do_the_work_once(empty: Database) -> None:
    program = (
        "import os; from models import migrations;"
        f" migrations.upgrade(os.environ['OWNER_URL'], '{PROGRAM_ROLE}')"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | {"OWNER_URL": empty.owner_url},
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for each in both:
        _, said = each.communicate(timeout=60)
        assert each.returncode == 0, said.decode()
    assert migrations.current(empty.url) == migrations.head()


def test_the_program_cannot_migrate(empty: Database) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        migrations.upgrade(empty.url, PROGRAM_ROLE)
