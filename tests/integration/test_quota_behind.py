"""Every cell opens a list that adds up to it, whoever asks; what one may not see stays hidden."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from models.vocabulary import CaseState
from tests.database import Database, Server
from tests.factories import household, household_in
from tests.integration.test_quota_levels import merge
from tests.world import BUNNIK, PEOPLE, TINY, TODAY, UTRECHT, World, opened
from workflows.errors import NotFound
from workflows.quota.figures import Figure
from workflows.quota.table import Level, read_standing
from workflows.reading.behind import Behind, Opened

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def world(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world with signed-off households: eleven persons in Utrecht, two in Bunnik."""
    with server.temporary(installed.name) as database, opened(database) as found:
        for _ in range(3):
            household_in(CaseState.CLOSED, found, household(2, 1))
        household_in(CaseState.CLOSED, found, household(2))
        household_in(CaseState.CLOSED, found, household(2), municipality=BUNNIK)
        yield found


def behind(
    figure: Figure = Figure.REALISED, level: Level = Level.NATION, code: str = "NL"
) -> Behind:
    return Behind(figure=figure, valid=TOMORROW, level=level, code=code)


def check(found: Opened, figure: int) -> None:
    """Hold sum, number of rows, pages and export of a list to each other."""
    exported = found.export()
    rows = list(exported.rows)
    assert exported.count == len(rows) == found.count()
    assert exported.persons == sum(row.persons for row in rows) == found.total() == figure
    paged, after = found.page(after=None, size=3), None
    while paged and paged[-1].cursor != after:
        after = paged[-1].cursor
        paged += found.page(after=after, size=3) if after else []
    assert paged == rows


@pytest.mark.parametrize(
    ("role", "figures"),
    [
        ("case_manager", (Figure.REALISED, Figure.REMAINING)),
        ("supervisor", (Figure.REALISED, Figure.BACKLOG, Figure.ADVANCE)),
        ("bunnik", (Figure.REALISED,)),
        *(pytest.param(role, tuple(Figure), marks=pytest.mark.full) for role in PEOPLE),
    ],
)
def test_every_cell_is_the_sum_of_its_list(
    world: World, role: str, figures: tuple[Figure, ...]
) -> None:
    actor = world.actors[role]
    with world.engine.connect() as connection:
        standing = read_standing(connection, TOMORROW)
        for level in Level:
            for row in standing.at(level):
                if not any((row.realised, row.opening, row.backlog, row.advance)):
                    continue
                for figure in figures:
                    asked = behind(figure, level, row.code)
                    check(asked.open(connection, actor, world.moment), getattr(row, figure))


def test_an_empty_cell_has_an_empty_list(world: World) -> None:
    with world.engine.connect() as connection:
        asked = behind(Figure.QUOTA, Level.PROVINCE, "PV20")
        check(asked.open(connection, world.actors["supervisor"], world.moment), 0)


@pytest.mark.parametrize("role", ["supervisor", "manager", "quota_officer", "auditor"])
def test_who_opens_no_case_gets_counts_of_opaque_references(world: World, role: str) -> None:
    with world.engine.connect() as connection:
        cases = set(connection.exec_driver_sql("SELECT reference FROM case_file").scalars())
        found = behind().open(connection, world.actors[role], world.moment)
        small, *rows = found.page(after=None, size=100)
        again = found.page(after=None, size=100)
        other = behind().open(connection, world.actors["guardian"], world.moment)
        others = other.page(after=None, size=100)
    # Two persons in Bunnik are too few to be shown by case.
    assert (small.persons, small.merged, small.municipality) == (2, 1, "Bunnik")
    assert (small.booked_on, small.case_reference) == (None, None)
    assert sorted(row.persons for row in rows) == [2, 3, 3, 3]
    assert not any(row.name or row.housed_on or row.may_open for row in rows)
    references = [row.case_reference for row in rows]
    assert len(set(references)) == 4
    assert not cases & set(references)
    assert again[1:] == rows
    # Readers cannot lay their lists side by side.
    assert not set(references) & {row.case_reference for row in others}


def test_each_role_may_read_the_standing(world: World) -> None:
    with world.engine.connect() as connection:
        for role in PEOPLE:
            assert behind().open(connection, world.actors[role], world.moment).total() == 13


@pytest.mark.parametrize(
    ("level", "code"),
    [
        (Level.MUNICIPALITY, "GM9999"),
        (Level.PROVINCE, UTRECHT),
        (Level.REGION, "x"),
        (Level.NATION, "BE"),
    ],
)
def test_there_is_no_list_of_an_unknown_area(world: World, level: Level, code: str) -> None:
    with world.engine.connect() as connection, pytest.raises(NotFound):
        behind(level=level, code=code).open(connection, world.actors["manager"], world.moment)


@pytest.mark.parametrize("cursor", ["2017-02-01", "x~1", "2017-02-01~x", "2017-02-01~" + "9" * 40])
def test_a_cursor_that_no_page_gave_is_refused(world: World, cursor: str) -> None:
    with world.engine.connect() as connection:
        found = behind().open(connection, world.actors["manager"], world.moment)
        with pytest.raises(ValueError, match=r".*"):
            found.page(after=cursor, size=10)


@pytest.mark.parametrize("shares", [{BUNNIK: 1000, TINY: 1000}, {BUNNIK: 1000, TINY: 500}])
def test_a_successor_lists_what_it_took_over(world: World, shares: dict[str, int]) -> None:
    with world.engine.connect() as connection:
        merge(connection, UTRECHT, shares, None)
        rows = {row.code: row for row in read_standing(connection, TOMORROW).at(Level.MUNICIPALITY)}
        for figure in Figure:
            for code in {UTRECHT, TINY} & rows.keys():
                asked = behind(figure, Level.MUNICIPALITY, code)
                found = asked.open(connection, world.actors["manager"], world.moment)
                check(found, getattr(rows[code], figure))
        opened = behind(Figure.REALISED, Level.MUNICIPALITY, BUNNIK)
        # History stays readable under the old one.
        assert opened.open(connection, world.actors["manager"], world.moment).total() == 2
        earlier = Behind(
            figure=Figure.REALISED, valid=date(2017, 1, 1), level=Level.MUNICIPALITY, code=BUNNIK
        )
        assert earlier.open(connection, world.actors["manager"], world.moment).place == "Bunnik"
