"""Takes over a table that promising links are reckoned from, out of a CSV file.

All or nothing: every row is read before any is written, and each wrong value is told by its row
and column. The same file may be given again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection, select

from models import LabourMarketRegion, Municipality
from workflows import policy
from workflows.actor import Actor
from workflows.errors import InvalidPayload, Refused
from workflows.exchange.history import MOST_PROBLEMS, InvalidHistory
from workflows.exchange.history_file import HistoryFile
from workflows.exchange.history_rows import Problem
from workflows.matching.data import CareRow, DemandRow, LanguageRow, Row, SupplyRow, write_rows
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.request import parsed

# The tables by the name that a command and an address give them.
TABLES: dict[str, type[Row]] = {
    "demand": DemandRow,
    "supply": SupplyRow,
    "care": CareRow,
    "languages": LanguageRow,
}


class InvalidTable(InvalidHistory):
    """Rows are wrong and nothing was stored; after `MOST_PROBLEMS` the rest was not read."""


@dataclass(frozen=True, slots=True)
class TableTaken:
    """How many rows the file has, and how many of them were new or different."""

    rows: int
    changed: int


def take_table(
    connection: Connection,
    actor: Actor | None,
    kind: type[Row],
    stream: BinaryIO,
    moment: Moment,
    *,
    dry_run: bool = False,
) -> TableTaken:
    """Store the rows of a CSV file, all or nothing; the caller commits.

    `actor` None is the operator of the installation. A dry run checks everything and stores
    nothing. Raises `NotFound` without the right, `Refused` for a file that cannot be read, and
    `InvalidTable` with a problem for each value that is wrong.
    """
    if actor is not None:
        policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    reader = _TableReader(connection, kind)
    for number, cells in HistoryFile(stream, kind.columns()).rows():
        reader.read(number, cells)
        if len(reader.problems) >= MOST_PROBLEMS:
            break
    if reader.problems:
        raise InvalidTable(reader.problems[:MOST_PROBLEMS])
    rows = list(reader.rows.values())
    if dry_run:
        return TableTaken(len(rows), 0)
    actor_id = None if actor is None else actor.user_id
    return TableTaken(len(rows), write_rows(connection, actor_id, rows, moment))


class _TableReader:
    """Reads rows of a table against the municipalities and regions there are."""

    def __init__(self, connection: Connection, kind: type[Row]) -> None:
        self._kind = kind
        self._columns = kind.columns()
        self._known: dict[str, set[Any]] = {
            "municipality_code": set(connection.scalars(select(Municipality.code))),
            "region_number": set(connection.scalars(select(LabourMarketRegion.number))),
        }
        self._first: dict[tuple[Any, ...], int] = {}
        self.rows: dict[tuple[Any, ...], Row] = {}
        self.problems: list[Problem] = []

    def read(self, number: int, cells: list[str]) -> None:
        """Read a row: keep it, or what is wrong with it."""
        if len(cells) != len(self._columns):
            refusal = Refused(
                "columns",
                "Deze rij heeft {value} waarden; het moeten er {wanted} zijn.",
                values={"value": len(cells), "wanted": len(self._columns)},
            )
            self.problems.append(Problem(number, self._columns[0], refusal))
            return
        try:
            row = parsed(self._kind, dict(zip(self._columns, cells, strict=True)))
        except InvalidPayload as error:
            self.problems += [
                Problem(number, path.partition(".")[0], refusal)
                for path, refusal in error.errors.items()
            ]
            return
        wrong = list(self._disagreements(number, row))
        self.problems += wrong
        if not wrong:
            self.rows[self._key(row)] = row

    def _disagreements(self, number: int, row: Row) -> Iterator[Problem]:
        for column, known in self._known.items():
            value = getattr(row, column, None)
            if value is not None and value not in known:
                refusal = Refused("unknown", "Deze bestaat niet: {value}.", values={"value": value})
                yield Problem(number, column, refusal)
        until, since = getattr(row, "valid_until", None), getattr(row, "valid_from", None)
        if until is not None and since is not None and until <= since:
            refusal = Refused("ends_first", "De laatste dag ligt niet na de eerste.")
            yield Problem(number, "valid_until", refusal)
        first = self._first.setdefault(self._key(row), number)
        if first != number:
            refusal = Refused("twice", "Deze rij staat ook op regel {row}.", values={"row": first})
            yield Problem(number, self._kind.key()[0], refusal)

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self._kind.key())
