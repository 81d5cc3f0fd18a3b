"""The official table: its identities, its two dates, and the list behind every figure."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from models import QuotaEntry
from models.vocabulary import ApportionMethod, CaseState, QuotaKind
from tests.factories import household, household_in
from tests.world import AMSTERDAM, BUNNIK, TODAY, UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.quota.assignment import Announcement, assign_quota
from workflows.quota.figures import Figure
from workflows.quota.ledger import Line, post_lines, reverse_line, write_lines
from workflows.quota.period import HalfYear
from workflows.quota.table import Level, StandingRow, standing
from workflows.reading.behind import Behind

HALVES = [HalfYear(2016, 1), HalfYear(2016, 2), HalfYear(2017, 1), HalfYear(2017, 2)]
KINDS = [QuotaKind.QUOTA, QuotaKind.REALISED, QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT]
CODES = [UTRECHT, BUNNIK, AMSTERDAM]
TOMORROW = TODAY + timedelta(days=1)
START = datetime(2016, 1, 1, tzinfo=UTC)


def noise(world: World, seed: int, given: Connection | None = None) -> list[datetime]:
    """Write random lines and reversals, early, on time and late; return when they were recorded.

    On a connection that is given they are not committed.
    """
    draw = Random(seed)  # noqa: S311 - a test's dice
    actor = world.actors["quota_officer"]
    instants = []
    with world.engine.begin() if given is None else nullcontext(given) as connection:
        for _ in range(120):
            at = START + timedelta(minutes=draw.randrange(60 * 24 * 500))
            instants.append(at)
            write_lines(connection, actor, [random_line(draw)], at)
        originals = connection.execute(
            select(QuotaEntry.__table__).where(QuotaEntry.kind != QuotaKind.OPENING)
        ).all()
        for row in draw.sample(originals, 30):
            at = max(row.recorded_at, START) + timedelta(days=draw.randrange(90))
            instants.append(at)
            write_lines(connection, actor, [reversal(row)], at)
    return instants


def random_line(draw: Random) -> Line:
    half, kind = draw.choice(HALVES), draw.choice(KINDS)
    day = half.starts_on + timedelta(days=draw.randrange(181))
    if kind in {QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT} and draw.random() < 0.3:
        day = date(2016, 1, 1) + timedelta(days=draw.randrange(600))
    persons = draw.randrange(1, 40)
    return Line(
        municipality_code=draw.choice(CODES),
        half_year=half,
        kind=kind,
        persons=-persons if kind is QuotaKind.TRANSFER_OUT else persons,
        booked_on=day,
    )


def reversal(row: Any) -> Line:
    return Line(
        municipality_code=row.municipality_code,
        half_year=HalfYear.parse(row.half_year),
        kind=QuotaKind(row.kind),
        persons=-row.persons,
        booked_on=row.booked_on,
        reverses=row.id,
    )


def from_the_ledger(
    connection: Connection, valid: date, known: datetime | None
) -> dict[str, tuple[int, ...]]:
    """Add the figures A, B, C, E and G up line by line."""
    now = HalfYear.of_standing(valid)
    found: dict[str, list[int]] = {}
    for line in connection.execute(select(QuotaEntry.__table__)):
        half = HalfYear.parse(line.half_year)
        unknown = known is not None and line.recorded_at > known
        if line.booked_on >= valid or unknown or half > now:
            continue
        sums = found.setdefault(line.municipality_code, [0] * 5)
        realised = line.kind == QuotaKind.REALISED
        if line.kind == QuotaKind.OPENING or half < now.previous:
            sums[0] += -line.persons if realised else line.persons
        elif half == now.previous:
            sums[2 if realised else 1] += line.persons
        else:
            sums[4 if realised else 3] += line.persons
    return {code: tuple(sums) for code, sums in found.items()}


def check_identities(row: StandingRow) -> None:
    assert row.opening_previous + row.quota_previous - row.realised_previous == row.opening
    assert row.opening + row.quota == row.corrected_quota
    assert row.corrected_quota - row.realised == row.remaining
    assert row.backlog + row.advance == row.remaining
    assert row.advance <= 0 <= row.backlog


@pytest.mark.parametrize("seed", range(4))
def test_any_two_dates_give_what_the_lines_add_up_to(world: World, seed: int) -> None:
    instants = noise(world, seed)
    draw = Random(seed)  # noqa: S311 - a test's dice
    with world.engine.connect() as connection:
        for _ in range(25):
            valid = date(2016, 6, 1) + timedelta(days=draw.randrange(500))
            instant = draw.choice(instants)
            known = draw.choice([None, instant, instant - timedelta(microseconds=1)])
            rows = standing(connection, valid, known, Level.MUNICIPALITY)
            expected = from_the_ledger(connection, valid, known)
            for row in rows:
                figures = (
                    row.opening_previous,
                    row.quota_previous,
                    row.realised_previous,
                    row.quota,
                    row.realised,
                )
                assert figures == expected.get(row.code, (0, 0, 0, 0, 0)), (row.code, valid, known)
                check_identities(row)
            whole = standing(connection, valid, known, Level.NATION)[0]
            check_identities(whole)
            assert whole.backlog == sum(row.backlog for row in rows)
            assert whole.advance == sum(row.advance for row in rows)


@pytest.mark.parametrize("seed", range(2))
def test_each_figure_is_the_sum_of_its_list(world: World, seed: int) -> None:
    instants = noise(world, seed)
    actor = world.actors["manager"]
    with world.engine.connect() as connection:
        for known in (None, sorted(instants)[70]):
            for valid in (date(2016, 12, 31), date(2017, 1, 1), TOMORROW):
                rows = standing(connection, valid, known, Level.MUNICIPALITY)
                row = next(each for each in rows if each.code == UTRECHT)
                for figure in Figure:
                    behind = Behind(
                        figure=figure,
                        valid=valid,
                        known=known,
                        level=Level.MUNICIPALITY,
                        code=UTRECHT,
                    ).open(connection, actor, world.moment)
                    lines = list(behind.export().rows)
                    assert sum(line.persons for line in lines) == getattr(row, figure)
                    assert behind.total() == getattr(row, figure)
                    assert behind.count() == len(lines)


def test_a_sign_off_counts_at_once_and_opens_its_persons(world: World) -> None:
    made = household_in(CaseState.CLOSED, world, household(2, 1))
    behind = Behind(figure=Figure.REALISED, valid=TOMORROW, level=Level.MUNICIPALITY, code=UTRECHT)
    with world.engine.connect() as connection:
        assert standing(connection, TOMORROW, None, Level.NATION)[0].realised == 3
        # What is booked today does not stand in the table of today's date.
        assert standing(connection, TODAY, None, Level.NATION)[0].realised == 0
        opened = behind.open(connection, world.actors["case_manager"], world.moment)
        theirs = opened.page(after=None, size=10)
    assert [line.name for line in theirs] == ["Noor Voorbeeld"] * 3
    assert [line.case_reference for line in theirs] == [made.case] * 3
    assert all(line.may_open and line.housed_on == TODAY for line in theirs)


def test_pages_of_a_list_follow_each_other(world: World) -> None:
    noise(world, 1)
    with world.engine.connect() as connection:
        opened = Behind(figure=Figure.REMAINING, valid=date(2017, 7, 1)).open(
            connection, world.actors["manager"], world.moment
        )
        whole = list(opened.export().rows)
        paged = opened.page(after=None, size=17)
        while page := opened.page(after=paged[-1].cursor, size=17):
            paged += page
    assert paged == whole


@pytest.mark.parametrize(
    ("method", "total"),
    [(ApportionMethod.STATUTE_CEILING, 13_196), (ApportionMethod.PUBLISHED_HALF_UP, 13_000)],
)
def test_a_national_number_is_divided_once(
    world: World, method: ApportionMethod, total: int
) -> None:
    announced = Announcement(
        half_year=HalfYear(2017, 1), persons=13_000, method=method, source="Staatscourant"
    )
    officer = world.actors["quota_officer"]
    with world.engine.begin() as connection:
        assert assign_quota(connection, officer, announced, world.moment).total == total
    with world.engine.begin() as connection:
        rows = standing(connection, TODAY, None, Level.MUNICIPALITY)
        assert sum(row.quota for row in rows) == total
        with pytest.raises(Refused, match="al vastgesteld"):
            assign_quota(connection, officer, announced, world.moment)


def test_given_figures_are_taken_over_as_they_are(world: World) -> None:
    announced = Announcement(
        half_year=HalfYear(2016, 2),
        persons=7,
        method=ApportionMethod.GIVEN,
        source="Brief",
        figures={UTRECHT: 5, BUNNIK: 2},
    )
    with world.engine.begin() as connection:
        assign_quota(connection, world.actors["quota_officer"], announced, world.moment)
        row = standing(connection, date(2017, 1, 1), None, Level.NATION)[0]
    assert row.quota == 7


def test_only_who_assigns_quotas_posts_lines(world: World) -> None:
    line = Line(
        municipality_code=UTRECHT, half_year=HalfYear(2017, 1), kind=QuotaKind.QUOTA, persons=1
    )
    with world.engine.begin() as connection:
        with pytest.raises(NotFound):
            post_lines(connection, world.actors["manager"], [line], world.moment)
        officer = world.actors["quota_officer"]
        unknown = Line(
            municipality_code="GM9999", half_year=HalfYear(2017, 1), kind=QuotaKind.QUOTA, persons=1
        )
        with pytest.raises(Refused, match="GM9999"):
            post_lines(connection, officer, [unknown], world.moment)
        numberless = Announcement(
            half_year=HalfYear(2014, 1),
            persons=1,
            method=ApportionMethod.STATUTE_CEILING,
            source="x",
        )
        with pytest.raises(Refused):
            assign_quota(connection, officer, numberless, world.moment)


def test_a_line_is_reversed_once(world: World) -> None:
    officer = world.actors["quota_officer"]
    with world.engine.begin() as connection:
        entry = connection.scalars(
            select(QuotaEntry.id).where(QuotaEntry.municipality_code == BUNNIK)
        ).one()
        reverse_line(connection, officer, entry, "Vergissing", world.moment)
        rows = standing(connection, TODAY, None, Level.MUNICIPALITY)
        assert next(row for row in rows if row.code == BUNNIK).remaining == 0
        with pytest.raises(Refused, match="al teruggedraaid"):
            reverse_line(connection, officer, entry, "Nog eens", world.moment)
