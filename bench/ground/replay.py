"""The floor of a batch: exactly the rows that the engine wrote, written again in bulk.

A twin of the database is kept in step: what a batch changed in the original is read back, and
written to the twin in one transaction under the same locks, with COPY into every table and one
UPDATE per table whose rows changed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB

from bench.ground.world import World
from models import (
    AuditEntry,
    Base,
    Case,
    CaseEvent,
    EventDetail,
    HousingOffer,
    Membership,
    Outbox,
    Person,
    Preparation,
    QuotaBalance,
    QuotaEntry,
    QuotaRollup,
    Realisation,
    Screening,
    Stay,
    Submission,
)
from workflows.opening import LEDGER_LOCK

# In the order that foreign keys ask.
TABLES: tuple[type[Base], ...] = (
    Submission,
    Person,
    Case,
    Membership,
    HousingOffer,
    CaseEvent,
    EventDetail,
    Stay,
    Screening,
    Preparation,
    QuotaEntry,
    Realisation,
    QuotaRollup,
    QuotaBalance,
    Outbox,
    AuditEntry,
)
LOCKED = (Case, QuotaBalance)
Rows = list[tuple[Any, ...]]
Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch did to one table: whole rows made, and whole rows changed."""

    table: Table
    made: Rows
    changed: Rows


class Twin:
    """The original database and its copy, each by a connection of the program's role."""

    def __init__(self, original: Connection, copy: Connection, owner: Connection) -> None:
        self._original = original
        self._copy = copy
        self._owner = owner
        self._staging()

    def mark(self) -> int:
        """Return where the original stands, to ask later what changed since."""
        row = self._original.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        self._original.commit()
        assert row is not None
        return int(row[0])

    def changes(self, since: int) -> list[Change]:
        """Return what was written to the original since a mark."""
        found = [self._changes(cast("Table", model.__table__), since) for model in TABLES]
        self._original.commit()
        return [change for change in found if change.made or change.changed]

    def _changes(self, table: Table, since: int) -> Change:
        name = sql.Identifier(table.name)
        rows = self._original.execute(
            sql.SQL("SELECT {} FROM {} WHERE age(xmin) < age(%s::text::xid)").format(
                _columns(table), name
            ),
            [since % 2**32],
        ).fetchall()
        keys = [_names(table).index(column.name) for column in table.primary_key]
        known = set(
            self._copy.execute(
                sql.SQL("SELECT {} FROM {}").format(
                    sql.SQL(", ").join(sql.Identifier(each.name) for each in table.primary_key),
                    name,
                )
            )
        )
        self._copy.commit()
        made: Rows = []
        changed: Rows = []
        for row in rows:
            there = tuple(row[key] for key in keys) in known
            (changed if there else made).append(_adapted(table, row))
        return Change(table, made, changed)

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes to the copy in one transaction; this is what the floor times."""
        with self._copy.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s), clock_timestamp()", [LEDGER_LOCK]
            )
            for change in changes:
                self._lock(cursor, change)
            for change in changes:
                if change.changed:
                    self._update(cursor, change)
                if change.made:
                    _copy_in(cursor, change.table.name, change.table, change.made)
        self._copy.commit()

    def _lock(self, cursor: "psycopg.Cursor[Any]", change: Change) -> None:
        if change.changed and change.table.name in {model.__tablename__ for model in LOCKED}:
            [key] = change.table.primary_key
            index = _names(change.table).index(key.name)
            cursor.execute(
                sql.SQL(
                    "SELECT 1 FROM {} WHERE {k} = ANY(%s) ORDER BY {k} FOR NO KEY UPDATE"
                ).format(sql.Identifier(change.table.name), k=sql.Identifier(key.name)),
                [[row[index] for row in change.changed]],
            )

    def _update(self, cursor: "psycopg.Cursor[Any]", change: Change) -> None:
        table, staged = change.table, f"staged_{change.table.name}"
        _copy_in(cursor, staged, table, change.changed)
        keys = [column.name for column in table.primary_key]
        others = [name for name in _names(table) if name not in keys]
        cursor.execute(
            sql.SQL("UPDATE {} t SET {} FROM {} s WHERE {}").format(
                sql.Identifier(table.name),
                sql.SQL(", ").join(
                    sql.SQL("{c} = s.{c}").format(c=sql.Identifier(name)) for name in others
                ),
                sql.Identifier(staged),
                sql.SQL(" AND ").join(
                    sql.SQL("t.{c} = s.{c}").format(c=sql.Identifier(name)) for name in keys
                ),
            )
        )

    def _staging(self) -> None:
        for model in TABLES:
            table = sql.Identifier(model.__tablename__)
            staged = sql.Identifier(f"staged_{model.__tablename__}")
            for statement in (
                "CREATE UNLOGGED TABLE {staged} AS SELECT * FROM {table} WITH NO DATA",
                "GRANT INSERT, SELECT ON {staged} TO PUBLIC",
            ):
                self._owner.execute(sql.SQL(statement).format(staged=staged, table=table))
        self._owner.commit()

    def clear(self) -> None:
        """Empty the staging tables, outside what is timed."""
        for model in TABLES:
            staged = sql.Identifier(f"staged_{model.__tablename__}")
            self._owner.execute(sql.SQL("TRUNCATE {}").format(staged))
        self._owner.commit()

    def difference(self) -> list[str]:
        """Return the tables in which original and copy hold other rows."""
        found = []
        for model in TABLES:
            count = sql.SQL(
                "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} t"
            )
            statement = count.format(sql.Identifier(model.__tablename__))
            sides = [each.execute(statement).fetchone() for each in (self._original, self._copy)]
            if sides[0] != sides[1]:
                found.append(model.__tablename__)
        self._original.commit()
        self._copy.commit()
        return found


def _names(table: Table) -> list[str]:
    return [column.name for column in table.c if column.computed is None]


def _columns(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in _names(table))


def _adapted(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        Jsonb(value) if isinstance(table.c[name].type, JSONB) and value is not None else value
        for name, value in zip(_names(table), row, strict=True)
    )


def _copy_in(cursor: "psycopg.Cursor[Any]", name: str, table: Table, rows: Rows) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _columns(table))
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def twin(world: World) -> Iterator[Twin]:
    """Yield a copy of a world's database beside it; nobody may be connected to the world's."""
    name = "thuisroute"
    world.engine.dispose()
    with psycopg.connect(world.superuser_url(), autocommit=True) as superuser:
        superuser.execute(
            "CREATE DATABASE thuisroute_twin TEMPLATE thuisroute OWNER thuisroute_owner"
        )
    program, owner = world.urls.database_url, world.urls.database_owner_url or ""
    copied = [url.replace(f"/{name}?", f"/{name}_twin?") for url in (program, owner)]
    with (
        psycopg.connect(program) as original,
        psycopg.connect(copied[0]) as copy,
        psycopg.connect(copied[1]) as owning,
    ):
        yield Twin(original, copy, owning)
