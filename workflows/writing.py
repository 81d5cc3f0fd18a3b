"""Writes rows of any table in bulk: one statement for few rows, one per table for many.

Rows travel as one JSON parameter per table and PostgreSQL types them, so that a single step is
one round trip and ten thousand are a dozen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from models import Base
from workflows.statement import run

Row = dict[str, Any]
# What to do, to which table, with which columns; for changes the first column is the key.
Part = tuple[str, str, tuple[str, ...]]
FEW_ROWS = 60
_KINDS = ("update", "end", "insert", "total", "count")
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped


class Writes:
    """Rows to be written: few by one statement, many by one per table and set of columns.

    Changes come before new rows, and rows before those that refer to them. A row may be changed
    by one part only.
    """

    def __init__(self) -> None:
        self._parts: dict[Part, list[Row]] = defaultdict(list)

    def insert(self, model: type[Base], row: Row) -> None:
        """Add a row."""
        self._parts["insert", model.__tablename__, tuple(row)].append(row)

    def update(self, model: type[Base], row: Row) -> None:
        """Change a row; the first column of `row` is its key."""
        self._parts["update", model.__tablename__, tuple(row)].append(row)

    def end(self, model: type[Base], row: Row) -> None:
        """Fill in the columns of `row` after the first, its key, where the last is empty.

        New rows of the same table come after it, so that a unique place is free for them.
        """
        self._parts["end", model.__tablename__, tuple(row)].append(row)

    def count(self, model: type[Base], row: Row) -> None:
        """Add to the counters of a row that exists; the first column of `row` is its key."""
        self._parts["count", model.__tablename__, tuple(row)].append(row)

    def total(self, model: type[Base], row: Row) -> None:
        """Add to the counters of a row, or make it; counters are outside the primary key."""
        self._parts["total", model.__tablename__, tuple(row)].append(row)

    def run(self, connection: Connection) -> None:
        """Write everything; raises IntegrityError when a constraint does not hold."""
        parts = tuple(sorted(self._parts, key=_order))
        # Each mixture of steps has a statement of its own, planned anew each time. For many rows
        # one statement per part, planned once, is the quicker way; for few, one round trip.
        few = sum(map(len, self._parts.values())) <= FEW_ROWS
        for together in (parts,) if few and parts else ((part,) for part in parts):
            run(connection, _statement(together), [as_json(self._parts[part]) for part in together])


def insert_rows(connection: Connection, rows: Iterable[tuple[type[Base], Row]]) -> None:
    """Insert rows of several tables in one statement; foreign keys are checked at its end."""
    writes = Writes()
    for model, row in rows:
        writes.insert(model, row)
    writes.run(connection)


def update_rows(
    connection: Connection, updates: Iterable[tuple[type[Base], int, Row]], key: str = "id"
) -> None:
    """Change columns of rows by key, one statement per table and set of columns."""
    by_shape: dict[tuple[str, ...], Writes] = defaultdict(Writes)
    for model, row_id, row in updates:
        if row:
            ordered = {key: row_id, **{name: row[name] for name in sorted(row)}}
            by_shape[model.__tablename__, *ordered].update(model, ordered)
    for shape in sorted(by_shape):
        by_shape[shape].run(connection)


def delete_rows(connection: Connection, deletes: Iterable[tuple[type[Base], int]]) -> None:
    """Delete rows by primary key from tables that keep no history."""
    by_table: dict[str, list[int]] = defaultdict(list)
    for model, row_id in deletes:
        by_table[model.__tablename__].append(row_id)
    for table in sorted(by_table):
        [key] = Base.metadata.tables[table].primary_key
        statement = f'DELETE FROM "{table}" WHERE {key.name} = ANY(%s)'  # noqa: S608 - own names
        run(connection, statement, [by_table[table]])


def add_to_rows(connection: Connection, model: type[Base], rows: list[Row]) -> None:
    """Insert rows with counters, adding to the counters of rows that exist.

    Columns outside the primary key are counters.
    """
    writes = Writes()
    for row in rows:
        writes.total(model, row)
    writes.run(connection)


def change_counters(connection: Connection, model: type[Base], key: str, rows: list[Row]) -> None:
    """Add to the counters of rows that exist already, by key."""
    writes = Writes()
    for row in rows:
        writes.count(model, {key: row[key], **row})
    writes.run(connection)


def as_json(rows: list[Row]) -> str:
    """Return rows as JSON text; raises TypeError for a value that JSON does not know."""
    return to_json(rows, fallback=_refuse).decode()


def bytea(value: bytes) -> str:
    r"""Return bytes in the form (\x and hexadecimal digits) that a bytea column reads."""
    return "\\x" + value.hex()


def _refuse(value: object) -> str:
    message = f"cannot write a value of type {type(value).__name__}"
    raise TypeError(message)


@cache
def _place(table: str) -> int:
    """Return where a table stands so that all it refers to stands before it."""
    return [each.name for each in Base.metadata.sorted_tables].index(table)


def _order(part: Part) -> tuple[int, int, tuple[str, ...]]:
    kind, table, columns = part
    return _KINDS.index(kind), _place(table), columns


@cache
def _statement(parts: tuple[Part, ...]) -> str:
    ended = {table: f"part_{n}" for n, (act, table, _) in enumerate(parts) if act == "end"}
    written = []
    for act, name, columns in parts:
        table = Base.metadata.tables[name]
        sql = _ACTS[act](table, columns, _recordset(table, columns))
        if act == "insert" and name in ended:
            # Reading what the other part returns makes it run first.
            sql += f" WHERE (SELECT count(*) FROM {ended[name]}) >= 0"  # noqa: S608 - own names
        written.append(sql)
    if len(written) == 1:
        return written[0]
    named = ", ".join(f"part_{n} AS ({sql})" for n, sql in enumerate(written))
    return f"WITH {named} SELECT"


def _recordset(table: Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f"{name} {table.c[name].type.compile(_DIALECT)}" for name in columns)
    return f"jsonb_to_recordset(CAST(%s AS jsonb)) AS r({typed})"


def _insert(table: Table, columns: tuple[str, ...], source: str) -> str:
    listed = ", ".join(columns)
    return f'INSERT INTO "{table.name}" AS t ({listed}) SELECT {listed} FROM {source}'  # noqa: S608 - names of our own tables


def _update(table: Table, columns: tuple[str, ...], source: str) -> str:
    key, *others = columns
    changes = ", ".join(f"{column} = r.{column}" for column in others)
    return f'UPDATE "{table.name}" t SET {changes} FROM {source} WHERE t.{key} = r.{key}'  # noqa: S608 - the same


def _end(table: Table, columns: tuple[str, ...], source: str) -> str:
    return f"{_update(table, columns, source)} AND t.{columns[-1]} IS NULL RETURNING 1"


def _count(table: Table, columns: tuple[str, ...], source: str) -> str:
    key, *counters = columns
    changes = ", ".join(f"{column} = t.{column} + r.{column}" for column in counters)
    return f'UPDATE "{table.name}" t SET {changes} FROM {source} WHERE t.{key} = r.{key}'  # noqa: S608 - the same


def _total(table: Table, columns: tuple[str, ...], source: str) -> str:
    keys = [column.name for column in table.primary_key]
    counters = [column for column in columns if column not in keys]
    changes = ", ".join(f"{column} = t.{column} + excluded.{column}" for column in counters)
    inserted = _insert(table, columns, source)
    # Without a condition PostgreSQL would read ON as part of a join.
    return f"{inserted} WHERE true ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


_ACTS: dict[str, Callable[[Table, tuple[str, ...], str], str]] = {
    "insert": _insert,
    "update": _update,
    "end": _end,
    "count": _count,
    "total": _total,
}
