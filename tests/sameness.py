"""Compares two databases row by row, whatever keys and references their rows were given.

Each row is named by what it says, and what it points at by that row's name in turn; then the
databases are the same when each table holds the same names as often.
"""

import json
import re
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, select

from models import Base

REFERENCE = re.compile(r"^[a-z2-7]{16}$")
PERSON_FACTS = frozenset({"known", "members", "moved_in", "person"})
LINE_FACTS = frozenset({"reverses"})
# What both databases hold from the start, under the same keys.
STATIC = frozenset(
    {
        "access_grant",
        "coa_region",
        "count_rule",
        "labour_market_region",
        "municipality",
        "municipality_exemption",
        "municipality_population",
        "municipality_predecessor",
        "norm",
        "organisation",
        "province",
        "reception_centre",
        "user_account",
    }
)
# Of references and a salt, or between two moments, which differ: `verify` has reckoned each again.
# The last digits of the prices of a linear program follow the order of its rows, which is by key.
UNLIKE = {"snapshot_hash": "a hash", "dwelt_tenths": "a while", "prices": "prices"}
# A row points at rows that point at rows; deeper than this nothing does.
ROUNDS = 4


class Named:
    """The rows of a database by table, each with its name."""

    def __init__(self, connection: Connection) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in STATIC
        }
        self._tables = {table.name: table for table in Base.metadata.sorted_tables}
        self._households = self._numbers_by_case()
        self._names: dict[tuple[str, Any], str] = {}
        self._references: dict[str, str] = {}
        for _ in range(ROUNDS):
            self._name_all()

    def counted(self) -> dict[str, Counter[str]]:
        """Return how often each row occurs per table, in readable form."""
        return {
            name: Counter(self._said(self._tables[name], row) for row in rows)
            for name, rows in self._rows.items()
        }

    def _numbers_by_case(self) -> dict[int, list[str]]:
        """Tell cases apart that say the same of themselves: by whom they ever held."""
        persons = {row["id"]: row["v_number"] or row["birth_date"] for row in self._rows["person"]}
        found: dict[int, list[str]] = {}
        for row in self._rows["household_membership"]:
            found.setdefault(row["case_id"], []).append(str(persons[row["person_id"]]))
        return {case: sorted(numbers) for case, numbers in found.items()}

    def _name_all(self) -> None:
        names: dict[tuple[str, Any], str] = {}
        references: dict[str, str] = {}
        for table_name, rows in self._rows.items():
            table = self._tables[table_name]
            keys = [column.name for column in table.primary_key]
            for row in rows:
                said = self._said(table, row)
                if table_name == "case_file":
                    said += str(self._households.get(row["id"]))
                name = blake2b(said.encode(), digest_size=12).hexdigest()
                if len(keys) == 1:
                    names[table_name, row[keys[0]]] = name
                if "reference" in row:
                    references[row["reference"]] = name
        self._names, self._references = names, references

    def _said(self, table: Table, row: dict[str, Any]) -> str:
        said = {name: self._value(table, name, value) for name, value in row.items()}
        own = {column.name for column in table.primary_key if not column.foreign_keys}
        if len(own) == 1 and own <= {"id"}:
            del said["id"]
        said.pop("reference", None)
        return json.dumps(said, sort_keys=True, default=str)

    def _value(self, table: Table, name: str, value: Any) -> Any:
        if value is None:
            return None
        if name in UNLIKE:
            return UNLIKE[name]
        if isinstance(value, datetime):
            return "a moment"
        for foreign_key in table.c[name].foreign_keys:
            target = foreign_key.column.table.name
            if target in STATIC:
                return value
            return self._names.get((target, value), "a row")
        return self._inside(value)

    def _inside(self, value: Any, fact: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._inside(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self._inside(each, fact) for each in value]
        if isinstance(value, int) and fact in PERSON_FACTS:
            return self._names.get(("person", value), "a person")
        if isinstance(value, int) and fact in LINE_FACTS:
            return self._names.get(("quota_entry", value), "a line")
        if isinstance(value, str) and REFERENCE.match(value):
            return self._references.get(value, "a reference")
        return value


def assert_same(one: Connection, other: Connection, but: Collection[str] = ()) -> None:
    """Assert that two databases say the same in all tables but some."""
    first, second = Named(one).counted(), Named(other).counted()
    for table in sorted(first.keys() - set(but)):
        rows = first[table]
        more, less = rows - second[table], second[table] - rows
        assert not more, f"{table}: {list(more)[:2]} beside {list(less)[:2]}"
        assert not less, f"{table}: {list(less)[:2]} is extra"
