"""Writes rows of any table in bulk: one statement per batch, however many rows it has.

Rows travel as one JSON parameter and PostgreSQL types them, so that a single step and ten
thousand cost the same number of round trips.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql

from models import Base

Row = dict[str, Any]
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_rows(connection: Connection, rows: Iterable[tuple[type[Base], Row]]) -> None:
    """Insert rows of several tables in one statement; foreign keys are checked at its end."""
    by_shape: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
    for model, row in rows:
        by_shape[model.__tablename__, tuple(row)].append(row)
    if not by_shape:
        return
    shapes = tuple(sorted(by_shape))
    parameters = {f"rows_{n}": as_json(by_shape[shape]) for n, shape in enumerate(shapes)}
    connection.execute(_insert_statement(shapes), parameters)


def update_rows(
    connection: Connection, updates: Iterable[tuple[type[Base], int, Row]], key: str = "id"
) -> None:
    """Change columns of rows by key, one statement per table and set of columns."""
    by_shape: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
    for model, row_id, row in updates:
        if row:
            by_shape[model.__tablename__, tuple(sorted(row))].append({key: row_id, **row})
    for table, columns in sorted(by_shape):
        statement = _update_statement(table, columns, key)
        connection.execute(statement, {"rows": as_json(by_shape[table, columns])})


def delete_rows(
    connection: Connection, deletes: Iterable[tuple[type[Base], int]], key: str
) -> None:
    """Delete rows by key from tables that keep no history."""
    by_table: dict[str, list[int]] = defaultdict(list)
    for model, row_id in deletes:
        by_table[model.__tablename__].append(row_id)
    for table in sorted(by_table):
        connection.execute(
            text(f'DELETE FROM "{table}" WHERE {key} = ANY(:ids)'),  # noqa: S608 - own names
            {"ids": by_table[table]},
        )


def add_to_rows(connection: Connection, model: type[Base], rows: list[Row]) -> None:
    """Insert rows with counters, adding to the counters of rows that exist.

    Columns outside the primary key are counters.
    """
    if rows:
        statement = _upsert_statement(model.__tablename__, tuple(rows[0]))
        connection.execute(statement, {"rows": as_json(rows)})


def change_counters(connection: Connection, model: type[Base], key: str, rows: list[Row]) -> None:
    """Add to the counters of rows that exist already, by key."""
    if rows:
        statement = _counter_statement(model.__tablename__, key, tuple(rows[0]))
        connection.execute(statement, {"rows": as_json(rows)})


def as_json(rows: list[Row]) -> str:
    """Return rows as JSON text; raises TypeError for a value that JSON does not know."""
    return to_json(rows, fallback=_refuse).decode()


def bytea(value: bytes) -> str:
    r"""Return bytes in the form (\x and hexadecimal digits) that a bytea column reads."""
    return "\\x" + value.hex()


def _refuse(value: object) -> str:
    message = f"cannot write a value of type {type(value).__name__}"
    raise TypeError(message)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _recordset(parameter: str, table: Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f"{name} {table.c[name].type.compile(_DIALECT)}" for name in columns)
    return f"jsonb_to_recordset(CAST(:{parameter} AS jsonb)) AS r({typed})"


@cache
def _insert_statement(shapes: tuple[tuple[str, tuple[str, ...]], ...]) -> TextClause:
    parts = []
    for n, (name, columns) in enumerate(shapes):
        listed = ", ".join(columns)
        source = _recordset(f"rows_{n}", _table(name), columns)
        parts.append(f'INSERT INTO "{name}" ({listed}) SELECT {listed} FROM {source}')  # noqa: S608
    *first, last = parts
    named = ", ".join(f"part_{n} AS ({part})" for n, part in enumerate(first))
    return text(f"WITH {named} {last}" if named else last)


@cache
def _update_statement(name: str, columns: tuple[str, ...], key: str) -> TextClause:
    changes = ", ".join(f"{column} = r.{column}" for column in columns)
    source = _recordset("rows", _table(name), (key, *columns))
    return text(f'UPDATE "{name}" t SET {changes} FROM {source} WHERE t.{key} = r.{key}')  # noqa: S608


@cache
def _upsert_statement(name: str, columns: tuple[str, ...]) -> TextClause:
    table = _table(name)
    listed = ", ".join(columns)
    keys = [column.name for column in table.primary_key]
    counters = [column for column in columns if column not in keys]
    changes = ", ".join(f"{column} = t.{column} + excluded.{column}" for column in counters)
    source = _recordset("rows", table, columns)
    return text(
        f'INSERT INTO "{name}" AS t ({listed}) SELECT {listed} FROM {source}'  # noqa: S608
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


@cache
def _counter_statement(name: str, key: str, columns: tuple[str, ...]) -> TextClause:
    counters = [column for column in columns if column != key]
    changes = ", ".join(f"{column} = t.{column} + r.{column}" for column in counters)
    source = _recordset("rows", _table(name), columns)
    return text(f'UPDATE "{name}" t SET {changes} FROM {source} WHERE t.{key} = r.{key}')  # noqa: S608
