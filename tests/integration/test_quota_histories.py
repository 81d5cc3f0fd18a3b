"""Random histories of late, corrected, reversed, transferred and merged lines, at every level.

The rollups' answer is held to a brute force over the ledger, and the identities of the table to
every row. A planted defect of each kind is shown to be caught.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from models import Municipality, QuotaEntry
from models.vocabulary import QuotaKind
from tests.integration.test_quota_levels import merge
from tests.integration.test_quota_standing import noise
from tests.world import AMSTERDAM, BUNNIK, GRONINGEN, TINY, UTRECHT, World
from workflows.quota import booked, succession
from workflows.quota.period import HalfYear
from workflows.quota.table import FIGURES, Level, Standing, StandingRow, read_standing

NEW_YEAR = date(2017, 1, 1)
MERGERS: list[tuple[str, dict[str, int]]] = [
    (UTRECHT, {}),
    (UTRECHT, {BUNNIK: 1000}),
    (AMSTERDAM, {BUNNIK: 1000, TINY: 1000}),
    (GRONINGEN, {BUNNIK: 1000, UTRECHT: 400}),
]
CASES = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(CASES, max_examples=200)
DATES = st.dates(date(2016, 1, 2), date(2017, 12, 31))
SEEDS = st.integers(0, 1_000)


@contextmanager
def undone(world: World) -> Iterator[Connection]:
    """Yield a connection whose work is not kept."""
    with world.engine.connect() as connection:
        try:
            yield connection
        finally:
            connection.rollback()


def brute_force(
    connection: Connection, valid: date, known: datetime | None, merged: tuple[str, dict[str, int]]
) -> dict[str, list[int]]:
    """Add the lines up one by one, then hand the ledgers of a merger over."""
    now = HalfYear.of_standing(valid)
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for line in connection.execute(select(QuotaEntry.__table__)):
        half = HalfYear.parse(line.half_year)
        if line.booked_on >= valid or half > now or (known and line.recorded_at > known):
            continue
        realised = line.kind == QuotaKind.REALISED
        if line.kind == QuotaKind.OPENING or half < now.previous:
            found[line.municipality_code][0] += -line.persons if realised else line.persons
        elif half == now.previous:
            found[line.municipality_code][2 if realised else 1] += line.persons
        else:
            found[line.municipality_code][4 if realised else 3] += line.persons
    successor, shares = merged
    for code, share in shares.items() if valid > NEW_YEAR else ():
        before = found.pop(code, [0] * 5)
        parts = [each * share // 1000 for each in before]
        found[successor] = [a + b for a, b in zip(found[successor], parts, strict=True)]
        found[code] = [a - b for a, b in zip(before, parts, strict=True)]
    return found


def check(connection: Connection, found: Standing, expected: dict[str, list[int]]) -> None:
    """Hold every level to the brute force and to the identities of the table."""
    where = {
        row.code: {"NL", row.province_code, str(row.region_number), row.code}
        for row in connection.execute(select(Municipality.__table__))
    }
    for level in Level:
        for row in found.at(level):
            ledgers = [sums for code, sums in expected.items() if row.code in where[code]]
            sums = [sum(each) for each in zip([0] * 5, *ledgers, strict=True)]
            assert five(row) == sums, (level, row.code)
            check_row(row)
            rest = [municipal_rest(each) for each in ledgers]
            assert row.backlog == sum(max(each, 0) for each in rest)
            assert row.advance == sum(min(each, 0) for each in rest)
        for figure in FIGURES:
            total = sum(getattr(row, figure) for row in found.at(level))
            assert total == getattr(found.at(Level.NATION)[0], figure)


def five(row: StandingRow) -> list[int]:
    return [
        row.opening_previous,
        row.quota_previous,
        row.realised_previous,
        row.quota,
        row.realised,
    ]


def municipal_rest(sums: list[int]) -> int:
    return sums[0] + sums[1] - sums[2] + sums[3] - sums[4]


def check_row(row: StandingRow) -> None:
    assert row.opening_previous + row.quota_previous - row.realised_previous == row.opening
    assert row.opening + row.quota == row.corrected_quota
    assert row.corrected_quota - row.realised == row.remaining
    assert row.backlog + row.advance == row.remaining


def history(world: World, seed: int, merged: tuple[str, dict[str, int]], *dates: date) -> None:
    """Make a history in a transaction that is not kept, and hold some dates to it."""
    draw = Random(seed)  # noqa: S311 - a test's dice
    with undone(world) as connection:
        instants = sorted(noise(world, seed, connection))
        if merged[1]:
            merge(connection, *merged, None)
        for valid in dates:
            around = datetime(valid.year, valid.month, valid.day, 11).astimezone()
            for known in (None, draw.choice(instants), around, around - timedelta(days=40)):
                found = read_standing(connection, valid, known)
                check(connection, found, brute_force(connection, valid, known, merged))


def some_histories(world: World, merged: tuple[str, dict[str, int]]) -> None:
    """Hold histories to dates that are spread over a year, the last first."""
    for seed in range(3):
        days = [37 * (seed + 3 * nth) for nth in (3, 0, 2, 1)]
        history(world, seed, merged, *(date(2016, 7, 2) + timedelta(days=each) for each in days))


@given(seed=SEEDS, merged=st.sampled_from(MERGERS), valid=DATES)
@CASES
def test_a_history_gives_what_its_lines_add_up_to(
    shared_world: World, seed: int, merged: tuple[str, dict[str, int]], valid: date
) -> None:
    history(shared_world, seed, merged, valid)


@pytest.mark.full
@given(seed=SEEDS, merged=st.sampled_from(MERGERS), valid=DATES)
@MANY
def test_many_histories_do(
    shared_world: World, seed: int, merged: tuple[str, dict[str, int]], valid: date
) -> None:
    history(shared_world, seed, merged, valid)


DEFECTS = {
    "late lines count": ("-persons FROM quota_entry", "0 FROM quota_entry"),
    "the known instant counts": ("recorded_at > :known", "recorded_at >= :known"),
    "lines known ahead are lost": ("booked_on > :known_on", "false"),
    "a day too many": ("starts_on < :days_until", "starts_on <= :days_until"),
    "a month too many": ("starts_on < :months_until", "starts_on <= :months_until"),
    "days to come are added": ("persons * :days_sign", "persons * abs(:days_sign)"),
    "months to come are added": ("persons * :months_sign", "persons * abs(:months_sign)"),
    "a half-year is lost": ("half_year < :whole_until", "false"),
    "transfers are lost": ("'transfer_in', ", ""),
    "long ago is added twice": ("NOT (SELECT from_the_start FROM nearer)", "true"),
    "the balance keeps what came after": ("half_year >= :long_ago_until", "false"),
    "the balance keeps its transfers": (
        "code, -persons FROM quota_rollup",
        "code, 0 FROM quota_rollup",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_caught(
    shared_world: World, monkeypatch: pytest.MonkeyPatch, defect: str
) -> None:
    right, wrong = DEFECTS[defect]
    found = False
    for name in ("_NOW_KNOWN", "_THEN_KNOWN"):
        statement = getattr(booked, name).text
        found |= right in statement
        monkeypatch.setattr(booked, name, text(statement.replace(right, wrong)))
    assert found
    with pytest.raises(AssertionError):
        some_histories(shared_world, MERGERS[0])


def test_a_planted_defect_of_mergers_is_caught(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession, "WHOLE", 999)
    with pytest.raises(AssertionError):
        some_histories(shared_world, MERGERS[3])
