"""The migrations make what the models say, and the history that they guard stays guarded."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text

from models import Base, migrations
from models.grants import APPEND_ONLY, DELETABLE
from tests.database import PROGRAM_ROLE, Database, Server

# Everything that can refuse a row, or that a query leans on, as PostgreSQL itself writes it.
_CATALOG = """
SELECT 'column ' || table_name || '.' || column_name,
       concat_ws(' ', data_type, udt_name, is_nullable, column_default, is_identity)
  FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'c', 'f')
   AND conrelid <> 0 AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index ' || indexname, indexdef FROM pg_indexes
 WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_TRIGGERS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
_RIGHTS = """
SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :role
"""


def catalog(engine: Engine) -> dict[str, str]:
    """Return each column, constraint and index of a database with its definition."""
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(_CATALOG))}


def unlike(found: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Return what differs between two catalogues."""
    return [
        f"{name}: {found.get(name)} is not {wanted.get(name)}"
        for name in sorted(found.keys() | wanted.keys())
        if found.get(name) != wanted.get(name)
    ]


@contextmanager
def modelled(server: Server) -> Iterator[Database]:
    """Yield a database that SQLAlchemy made from the models."""
    with server.temporary() as made, made.engine(owner=True) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            Base.metadata.create_all(connection)
        yield made


def test_the_migrations_make_the_models_holds(server: Server, database: Database) -> None:
    with (
        modelled(server) as other,
        database.engine(owner=True) as migrated,
        other.engine(owner=True) as made,
    ):
        assert unlike(catalog(migrated), catalog(made)) == []
        assert migrations.current(database.owner_url) == migrations.head()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE case_file DROP CONSTRAINT ck_case_file_one_responsible",
        "ALTER TABLE case_file ADD COLUMN remark text",
        "ALTER TABLE person ALTER COLUMN birth_date DROP NOT NULL",
        "DROP INDEX uq_household_membership_live",
        "ALTER TABLE quota_rollup DROP CONSTRAINT ck_quota_rollup_lines",
    ],
)
def test_the_migrations_make_the_models_catches_a_planted_violation(
    database: Database, change: str
) -> None:
    with database.engine(owner=True) as engine:
        before = catalog(engine)
        with engine.begin() as connection:
            connection.execute(text(change))
        assert unlike(catalog(engine), before)


def test_history_is_guarded_and_the_program_owns_nothing(database: Database) -> None:
    with database.engine(owner=True) as engine, engine.connect() as connection:
        guarded = {tuple(row) for row in connection.execute(text(_TRIGGERS))}
        rights = {tuple(row) for row in connection.execute(text(_RIGHTS), {"role": PROGRAM_ROLE})}
        owned = connection.scalar(
            text("SELECT count(*) FROM pg_tables WHERE tableowner = :role"), {"role": PROGRAM_ROLE}
        )
    for table in APPEND_ONLY:
        assert {(table, "keep_history_row"), (table, "keep_history_table")} <= guarded
        assert {right for name, right in rights if name == table} == {"SELECT", "INSERT"}
    assert {name for name, right in rights if right == "DELETE"} == set(DELETABLE)
    assert {right for _, right in rights} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert owned == 0
