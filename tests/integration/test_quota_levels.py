"""The table at every level: areas sum their municipalities, and a merger sums its predecessors."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, insert, update

from models import Municipality, MunicipalityPredecessor
from models.vocabulary import QuotaKind
from tests.world import AMSTERDAM, BUNNIK, TINY, TODAY, UTRECHT, World
from workflows.quota.booked import Figures, Ledger
from workflows.quota.ledger import Line, post_lines
from workflows.quota.period import HalfYear
from workflows.quota.succession import Succession
from workflows.quota.table import FIGURES, Level, StandingRow, content, read_standing, standing

NEW_YEAR = date(2017, 1, 1)
LETTER = StandingRow.of_municipality(
    "NL", "Nederland", Figures(5_282, 23_000, 22_200, 13_000, 3_981)
)


def post(world: World, *lines: tuple[str, QuotaKind, int]) -> None:
    with world.engine.begin() as connection:
        post_lines(
            connection,
            world.actors["quota_officer"],
            [
                Line(
                    municipality_code=code,
                    half_year=HalfYear(2017, 1),
                    kind=kind,
                    persons=persons,
                    booked_on=NEW_YEAR,
                )
                for code, kind, persons in lines
            ],
            world.moment,
        )


def merge(
    connection: Connection, into: str, shares: dict[str, int], recorded_at: datetime | None
) -> None:
    """Let municipalities go up in another on 1 January 2017."""
    connection.execute(
        insert(MunicipalityPredecessor),
        [
            {
                "successor_code": into,
                "predecessor_code": code,
                "on_date": NEW_YEAR,
                "share_permille": share,
                "recorded_at": recorded_at,
            }
            for code, share in shares.items()
        ],
    )
    connection.execute(
        update(Municipality).where(Municipality.code.in_(shares)).values(valid_until=NEW_YEAR)
    )


def by_code(rows: list[StandingRow]) -> dict[str, StandingRow]:
    return {row.code: row for row in rows}


def test_every_level_adds_up_to_the_nation(world: World) -> None:
    post(world, (TINY, QuotaKind.TRANSFER_OUT, -9), (AMSTERDAM, QuotaKind.TRANSFER_IN, 9))
    with world.engine.connect() as connection:
        found = read_standing(connection, TODAY)
    whole = found.at(Level.NATION)[0]
    assert whole.advance == -6
    assert [len(found.at(level)) for level in Level] == [1, 12, 35, 390]
    for level in Level:
        rows = found.at(level)
        for figure in FIGURES:
            assert sum(getattr(row, figure) for row in rows) == getattr(whole, figure)
        assert sum(len(found.within(level, row.code)) for row in rows) == 390
    provinces = by_code(found.at(Level.PROVINCE))
    assert provinces["PV26"].name == "Utrecht"
    # Utrecht, Bunnik and the exempt one in it; I and J come from municipal rows.
    assert (provinces["PV26"].backlog, provinces["PV26"].advance) == (10_040, -6)


def test_a_merger_sums_its_predecessors_from_its_day_on(world: World) -> None:
    post(world, (TINY, QuotaKind.TRANSFER_OUT, -9))
    with world.engine.begin() as connection:
        before = standing(connection, TODAY, None, Level.NATION)[0]
        merge(connection, UTRECHT, {BUNNIK: 1000, TINY: 1000}, None)
        rows = by_code(standing(connection, TODAY, None, Level.MUNICIPALITY))
        earlier = by_code(standing(connection, NEW_YEAR, None, Level.MUNICIPALITY))
        after = standing(connection, TODAY, None, Level.NATION)[0]
    assert (len(earlier), len(rows)) == (390, 388)
    assert {BUNNIK, TINY} <= earlier.keys()
    assert not {BUNNIK, TINY} & rows.keys()
    assert rows[UTRECHT].remaining == 10_000 + 40 + 3 - 9
    # A-H and I+J stay; I and J may each shrink, here by what one was ahead.
    assert all(getattr(after, each) == getattr(before, each) for each in FIGURES[:8])
    assert (after.backlog, after.advance) == (before.backlog - 6, before.advance + 6)


def test_a_merger_recorded_later_is_not_in_what_was_known(world: World) -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    with world.engine.begin() as connection:
        known = datetime(2029, 1, 1, tzinfo=UTC)
        before = standing(connection, TODAY, known, Level.MUNICIPALITY)
        connection.execute(
            update(Municipality).where(Municipality.code == UTRECHT).values(valid_from=NEW_YEAR)
        )
        merge(connection, UTRECHT, {BUNNIK: 1000, TINY: 1000}, later)
        then = standing(connection, TODAY, known, Level.MUNICIPALITY)
        since = standing(connection, TODAY, later, Level.MUNICIPALITY)
    # A municipality of that day has figures here, so that it shows although it was not in force.
    assert then == before
    assert {BUNNIK, TINY} & {row.code for row in since} == set()


@pytest.mark.parametrize("shares", [(333, 333, 334), (500, 250), (1, 999)])
def test_parts_of_a_split_add_up(shares: tuple[int, ...]) -> None:
    named = tuple((f"GM000{number}", share) for number, share in enumerate(shares))
    figures = Figures(-7, 101, 99, 13, 5)
    parts = Succession(NEW_YEAR, "GM9999", named).divide(Ledger("GM9999", figures))
    sums = zip(*(part.figures for part in parts.values()), strict=True)
    assert Figures(*map(sum, sums)) == figures
    assert ("GM9999" in parts) == (sum(shares) < 1000)
    assert not any(part.is_whole for part in parts.values())


def test_lateness_is_that_of_the_letter() -> None:
    found = content(LETTER, TODAY)
    assert found["late_on_monthly_line"] == pytest.approx(19_082 / 6 - 3_981, abs=0.01)
    assert round(found["late_on_monthly_line"]) == -801
    assert found["needed_per_month"] == pytest.approx(3_180.33)
    assert found["on_schedule"] is True
    assert content(LETTER, date(2017, 3, 1))["on_schedule"] is False


def test_nothing_to_do_is_on_schedule() -> None:
    row = StandingRow.of_municipality("GM0001", "Voor", Figures(-5, 0, 0, 3, 0))
    found = content(row, TODAY)
    assert (found["on_schedule"], found["percent_of_monthly_line"]) == (True, None)
    assert found["needed_per_month"] == 0
