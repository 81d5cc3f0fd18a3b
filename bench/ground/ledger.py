"""A ledger of a given size, loaded with COPY as imported history, that passes `verify`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

import psycopg
from sqlalchemy import select, text

from bench.ground.world import World
from models import Municipality, User
from workflows.quota.period import HalfYear
from workflows.quota.rebuild import rebuild
from workflows.quota.verify import verify

Row = tuple[Any, ...]
REVERSED = 0.01
ON_THE_DAY = 0.7
_COPY = (
    "COPY quota_entry (id, municipality_code, half_year, kind, persons, booked_on, recorded_at,"
    " import_id, reverses, recorded_by) FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many persons are realised in which half-years."""

    persons: int
    half_years: tuple[HalfYear, ...]

    @property
    def first_day(self) -> date:
        """The first day of the ledger."""
        return self.half_years[0].starts_on

    @property
    def days(self) -> int:
        """How many days the ledger covers."""
        return (self.half_years[-1].ends_on - self.first_day).days


def until(last: HalfYear, number: int) -> tuple[HalfYear, ...]:
    """Return so many half-years, of which the last is given."""
    found = [last]
    while len(found) < number:
        found.append(found[-1].previous)
    return tuple(reversed(found))


def load(world: World, size: Size) -> int:
    """Fill the ledger, its sums and its import; returns the number of lines.

    Raises AssertionError when `verify` finds a difference.
    """
    with world.engine.connect() as connection:
        codes = list(connection.scalars(select(Municipality.code)))
        user = connection.scalars(select(User.id).limit(1)).one()
    with psycopg.connect(world.urls.database_owner_url or "") as owner, owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO standing_import (reference, sha256, lines, persons, recorded_at) VALUES"
            " (repeat('a', 16), repeat('0', 64), 1, 0, '2000-01-01') RETURNING id"
        )
        [import_id] = cursor.fetchone() or (0,)
        with cursor.copy(_COPY) as copy:
            for row in _lines(size, codes, import_id, user):
                copy.write_row(row)
        # The import states what it added; the benchmark knows that only now.
        cursor.execute("ALTER TABLE standing_import DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE standing_import SET (lines, persons) = (SELECT count(*), sum(persons)"
            " FROM quota_entry WHERE import_id IS NOT NULL)"
        )
        cursor.execute("ALTER TABLE standing_import ENABLE TRIGGER USER")
        cursor.execute("SELECT setval('quota_entry_id_seq', (SELECT max(id) FROM quota_entry))")
    with world.engine.begin() as connection:
        rebuild(connection, world.moment)
    with psycopg.connect(world.urls.database_owner_url or "", autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE quota_entry, quota_rollup, quota_balance")
    with world.engine.connect() as connection:
        differences = list(islice(verify(connection, world.moment.seal), 3))
        assert not differences, differences
        lines: int = connection.execute(text("SELECT count(*) FROM quota_entry")).scalar_one()
    return lines


def _lines(size: Size, codes: list[str], import_id: int, user: int) -> Iterator[Row]:
    """Yield openings, quotas, and realised persons in order of booking, some taken back."""
    draw = Random(1)  # noqa: S311 - the same ledger each time
    number = 0
    share = size.persons // len(size.half_years)
    for half in size.half_years:
        half_year, day = str(half), half.starts_on
        kinds = ["quota"] if half != size.half_years[0] else ["opening", "quota"]
        at = _instant(day - timedelta(days=90), 0)
        for code in codes:
            for kind in kinds:
                number += 1
                persons = draw.randrange(2 * share // len(codes) + 2)
                yield (number, code, half_year, kind, persons, day, at, import_id, None, None)
        days = (half.ends_on - day).days
        for nth in range(share):
            number += 1
            booked_on = day + timedelta(days=nth * days // share)
            # Most are recorded on the day itself; of the rest some come weeks later.
            late = 0 if draw.random() < ON_THE_DAY else int(draw.expovariate(1 / 6)) + 1
            at = _instant(booked_on + timedelta(days=late), draw.randrange(8 * 3600))
            line = (draw.choice(codes), half_year, "realised", 1, booked_on)
            yield (number, *line, at, import_id, None, None)
            if draw.random() < REVERSED:
                original, number = number, number + 1
                code, _, kind, persons, booked = line
                later = at + timedelta(days=draw.randrange(1, 60))
                yield (number, code, half_year, kind, -persons, booked, later, None, original, user)


def _instant(day: date, second: int) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(seconds=second)
