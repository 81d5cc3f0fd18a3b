"""The ledger lines, and so the persons, behind a figure of the official table.

One object gives the figure, the list and the export: the same filter and the same access rule.
Whoever may not open a case gets an opaque reference and the number of its persons, and those of
a municipality and half-year with fewer than ten realised persons in one row.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import chain, islice

from sqlalchemy import Connection

from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.booked import booked
from workflows.quota.figures import Figure
from workflows.quota.sources import Sources, part_of, sources
from workflows.quota.succession import successions
from workflows.quota.table import NATION_CODE, Level, Standing, read_places, read_standing
from workflows.reading.behind_lines import Line, LineBehind, merged_row, rows_of
from workflows.reading.behind_query import BehindQuery

_AT_ONCE = 2_000
_LONGEST_KEY = 18
_REFERENCE_BYTES = 10


@dataclass(frozen=True, slots=True)
class Export:
    """The whole list: the name of its area, its number of rows, its sum of persons, its rows."""

    place: str
    count: int
    persons: int
    rows: Iterator[LineBehind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The lines behind one figure of an area for two dates; without an area, of the country."""

    figure: Figure
    valid: date
    known: datetime | None = None
    level: Level = Level.NATION
    code: str = NATION_CODE

    def open(self, connection: Connection, actor: Actor, moment: Moment) -> "Opened":
        """Return the list for an actor.

        Raises `NotFound` for who may not see the standing and for an area that does not exist.
        """
        policy.demand(actor, Permission.VIEW_STANDING)
        # Without mergers the ledgers of A to H are known by their places alone, which is quicker.
        needs_sums = self.figure in {Figure.BACKLOG, Figure.ADVANCE} or successions(
            connection, self.valid, self.known
        )
        read = read_standing if needs_sums else read_places
        found = read(connection, self.valid, self.known)
        whose = sources(connection, found, self.figure, self.level, self.code)
        return Opened(connection, self, actor, moment, found, whose)


class Opened:
    """The list behind a figure as an actor may see it."""

    def __init__(  # noqa: PLR0917 - what a list is made from
        self,
        connection: Connection,
        asked: Behind,
        actor: Actor,
        moment: Moment,
        found: Standing,
        whose: Sources,
    ) -> None:
        self.asked = asked
        self.place = whose.name
        self._connection, self._whose = connection, whose
        self._standing = found
        self._query = BehindQuery.of(connection, asked.figure, found, whose, actor, moment.today)
        self._key = blake2b(str(actor.user_id).encode(), key=moment.seal).digest()

    def total(self) -> int:
        """Return the figure: the sum of persons over the list, from the rollups.

        However many lines there are, it costs no more than the table does.
        """
        asked, codes = self.asked, self._whose.codes
        whole = (
            ledger
            for each in booked(self._connection, asked.valid, asked.known)
            for ledger in each.ledgers
            if codes is None or ledger.code in codes
        )
        return sum(part_of(ledger, asked.figure) for ledger in chain(whole, self._whose.parts))

    def count(self, *, most: int | None = None) -> int:
        """Return how many rows the list has; one more than `most` when there are more than that."""
        first = sum(1 for _ in self._first())
        rows = self._query.rows(self._connection, None if most is None else most + 1)
        return first + rows if most is None else min(first + rows, most + 1)

    def page(self, *, after: str | None, size: int) -> list[LineBehind]:
        """Return a page of the list in the order of booking; ValueError for a bad cursor.

        The first page holds the merged small groups and the parts of split ledgers besides.
        """
        lines = self._from(_place(after) if after else None, size)
        rows = list(islice(rows_of(lines, self._opaque), size))
        return rows if after else [*self._first(), *rows]

    def export(self) -> Export:
        """Return the whole list, read at one moment; its rows come one by one."""
        first = list(self._first())
        found = self._query.everything(self._connection, _AT_ONCE)
        rows = chain(first, rows_of(found.lines, self._opaque))
        persons = sum(row.persons for row in first) + found.persons
        return Export(self.place, len(first) + found.rows, persons, rows)

    def _from(self, place: tuple[date, int] | None, size: int) -> Iterator[Line]:
        """Yield the lines after a place, fetched a page at a time."""
        # One line more tells where the last row ends.
        number = size + 1
        while True:
            lines = self._query.chunk(self._connection, place, number)
            yield from lines
            if len(lines) < number:
                return
            place = (lines[-1].booked_on, lines[-1].entry_id)

    def _first(self) -> Iterator[LineBehind]:
        small = self._query.small(self._connection)
        if small.groups:
            yield merged_row(small.persons, small.groups, small.municipality, small.half_year)
        names = {each.code: each.name for each in self._standing.municipalities}
        for ledger in self._whose.parts:
            yield LineBehind(
                kind=None,
                municipality=self.place,
                half_year=None,
                persons=part_of(ledger, self.asked.figure),
                share_of=names.get(ledger.code, ledger.code),
            )

    def _opaque(self, reference: str) -> str:
        """Return a reference that only this actor's lists give, and always for the same case."""
        digest = blake2b(reference.encode(), key=self._key, digest_size=_REFERENCE_BYTES).digest()
        return base64.b32encode(digest).decode("ascii").lower()


def _place(cursor: str) -> tuple[date, int]:
    booked_on, _, entry_id = cursor.partition("~")
    if len(entry_id) > _LONGEST_KEY:
        raise ValueError(cursor)
    return date.fromisoformat(booked_on), int(entry_id)
