"""Officers who follow proposals at the same moment never exceed the room of a municipality."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from models import Case, MatchingRun, Proposal, QuotaBalance
from models.vocabulary import ProposalStatus, RunStatus
from tests.database import Database, Server
from tests.factories import household_in
from tests.world import TINY, World, opened
from workflows.errors import Refused
from workflows.matching import runs
from workflows.matching.confirming import Followed, Seen, confirm, preview
from workflows.matching.propose import answer, read_input, summary, write_proposals
from workflows.matching.runs import Wish
from workflows.own_run import own_run
from workflows.quota.verify import verify
from workflows.reading.to_link import Filters, proposed_ids, rows_of

OFFICERS = ("placement_officer", "second_placement_officer")
ROUNDS = pytest.mark.parametrize(
    "officers", [20, pytest.param(200, marks=pytest.mark.full)], ids=["20", "200"]
)
ROOM = 3


@pytest.fixture
def arena(server: Server, installed: Database) -> Iterator[World]:
    with server.temporary(installed.name) as database, opened(database, 20) as found:
        yield found
        with found.engine.begin() as connection:
            assert not list(verify(connection, found.moment.seal))


def propose(world: World) -> None:
    officer = world.actors[OFFICERS[0]]
    with world.engine.begin() as connection:
        wish = Wish()
        given = read_input(connection, officer, wish.as_json(), world.moment)
        found = answer(given, lambda _percent: None)
        reference = runs.start(connection, officer, wish, world.moment)
        run = own_run(connection, MatchingRun, officer, reference)
        write_proposals(connection, run.id, found, world.moment)
        runs.end(connection, reference, RunStatus.DONE, world.moment, result=summary(found))


def proposed_for(world: World) -> list[Seen]:
    officer = world.actors[OFFICERS[0]]
    with world.engine.connect() as connection:
        keys = proposed_ids(connection, officer, Filters(), world.today, most=1000)
        rows = rows_of(connection, keys, world.today)
    return [Seen(row.reference, row.version, str(row.proposal)) for row in rows]


def all_to(world: World, code: str) -> None:
    """Let every open proposal name one municipality, as if its room had shrunk meanwhile."""
    with world.engine.begin() as connection:
        connection.execute(
            update(Proposal)
            .where(Proposal.rank == 1, Proposal.status == ProposalStatus.OPEN)
            .values(municipality_code=code)
        )


@ROUNDS
def test_many_officers_at_once_never_exceed_the_room(arena: World, officers: int) -> None:
    for _ in range(officers):
        household_in("screened", arena)
    propose(arena)
    all_to(arena, TINY)
    seen = proposed_for(arena)
    assert len(seen) == officers
    barrier = threading.Barrier(20)

    def follow(number: int) -> list[Followed]:
        if number < 20:
            barrier.wait()
        actor = arena.actors[OFFICERS[number % 2]]
        with arena.engine.begin() as connection:
            return confirm(connection, actor, [seen[number]], f"officer-{number}", arena.moment)

    with ThreadPoolExecutor(20) as pool:
        found = [row for rows in pool.map(follow, range(officers)) for row in rows]
    linked = [row for row in found if row.refusal is None]
    refused = [row.refusal for row in found if row.refusal is not None]
    assert len(linked) == ROOM
    assert {each.code for each in refused if isinstance(each, Refused)} == {"no_room"}
    assert len(refused) == officers - ROOM
    with arena.engine.connect() as connection:
        reserved = connection.scalar(
            select(QuotaBalance.reserved).where(QuotaBalance.municipality_code == TINY)
        )
    assert reserved == ROOM


def test_a_preview_hands_room_out_in_order_and_changes_nothing(world: World) -> None:
    for _ in range(5):
        household_in("screened", world)
    propose(world)
    all_to(world, TINY)
    officer = world.actors[OFFICERS[0]]
    with world.engine.begin() as connection:
        keys = proposed_ids(connection, officer, Filters(), world.today, most=10)
        rows = preview(connection, officer, keys, world.moment)
    assert [row.refusal is None for row in rows] == [True] * ROOM + [False] * 2
    with world.engine.connect() as connection:
        assert connection.scalar(select(Case.id).where(Case.state == "linked")) is None
