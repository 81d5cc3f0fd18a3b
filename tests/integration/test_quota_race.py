"""Clerks who post to one municipality at once lose no line, and nobody waits for ever."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select

from models import QuotaBalance
from models.vocabulary import QuotaKind
from tests.database import Database, Server
from tests.world import HALF_YEAR, ROOM, SEAL, UTRECHT, World, opened
from workflows.quota.ledger import Line, post_lines
from workflows.quota.table import Level, read_standing
from workflows.quota.verify import verify

THREADS = 24
LINES = (
    Line(municipality_code=UTRECHT, half_year=HALF_YEAR, kind=QuotaKind.TRANSFER_IN, persons=3),
    Line(municipality_code=UTRECHT, half_year=HALF_YEAR, kind=QuotaKind.TRANSFER_OUT, persons=-1),
)


@pytest.fixture
def arena(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world with a connection for each thread."""
    with server.temporary(installed.name) as database, opened(database, THREADS + 1) as found:
        yield found


@pytest.mark.parametrize("clerks", [40, pytest.param(200, marks=pytest.mark.full)])
def test_no_line_is_lost_when_many_post_at_once(arena: World, clerks: int) -> None:
    officer = arena.actors["quota_officer"]

    def post(_: int) -> datetime:
        with arena.engine.begin() as connection:
            return post_lines(connection, officer, LINES, arena.moment)

    with ThreadPoolExecutor(THREADS) as pool:
        instants = list(pool.map(post, range(clerks)))
    # Each was answered; two may bear the same microsecond.
    assert len(instants) == clerks
    with arena.engine.connect() as connection:
        row = next(
            each
            for each in read_standing(connection, arena.later(1).today).at(Level.MUNICIPALITY)
            if each.code == UTRECHT
        )
        obliged = connection.scalar(
            select(QuotaBalance.obliged).where(QuotaBalance.municipality_code == UTRECHT)
        )
        assert not list(verify(connection, SEAL))
    assert row.quota == 2 * clerks
    assert obliged == ROOM[UTRECHT] + 2 * clerks
