"""Two parties at one handover at once: exactly one wins, and the other reads why."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.database import Database, Server
from tests.factories import Row, household_in
from tests.handovers import WITHDRAWAL, hand_over
from tests.world import World, opened
from workflows.engine import take_many
from workflows.errors import NotFound, Refused, WorkflowError
from workflows.handover.record import over
from workflows.quota.verify import verify
from workflows.reading.handover import last_handover
from workflows.request import Outcome, Result

RACES = pytest.mark.parametrize(
    "races", [60, pytest.param(2_000, marks=pytest.mark.full)], ids=["60", "2000"]
)
# The rival of accepting: the step, who takes it, what it says, and how many days later.
RIVALS: dict[str, tuple[str, Row, int]] = {
    "withdraw_handover": ("case_manager", WITHDRAWAL, 0),
    "expire_handover": ("functional_manager", {}, 30),
    "end": ("case_manager", {"reason": "withdrawn", "ended_on": "2017-02-01"}, 0),
}


@pytest.fixture
def arena(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world with a connection for each thread; at the end everything must add up."""
    with server.temporary(installed.name) as database, opened(database, 16) as found:
        yield found
        with found.engine.begin() as connection:
            assert not list(verify(connection, found.moment.seal))


def _attempt(world: World, step: str, actor: str, payload: Row, case: str) -> Outcome:
    try:
        return world.take(step, actor, payload, case)
    except WorkflowError as error:
        return error


def _why(world: World, case: str) -> str:
    """Return what the officer reads whose case went out of sight."""
    with world.engine.connect() as connection:
        view = last_handover(connection, world.actors["utrecht"], case, world.today)
    return str(over(view.stage))


@RACES
@pytest.mark.parametrize("rival", sorted(RIVALS))
def test_accepting_and_its_rival_have_one_winner(arena: World, rival: str, races: int) -> None:
    actor, payload, days = RIVALS[rival]
    world = arena.later(days)
    cases = [hand_over(household_in("preparing", arena), "offered").case for _ in range(races)]
    won: Counter[str] = Counter()

    def run(case: str) -> None:
        barrier = threading.Barrier(2)

        def start(step: str, who: str, what: Row) -> Outcome:
            barrier.wait()
            return _attempt(world, step, who, what, case)

        with ThreadPoolExecutor(2) as pool:
            accepting = pool.submit(start, "accept_handover", "utrecht", {})
            other = pool.submit(start, rival, actor, payload)
            ours, theirs = accepting.result(), other.result()
        accepted = isinstance(ours, Result)
        if rival == "end":
            # The case may end after the acceptance too; then both were taken, in that order.
            assert isinstance(theirs, Result)
        else:
            assert accepted is not isinstance(theirs, Result)
        if isinstance(ours, NotFound):
            assert _why(world, case) == "Deze overdracht is ingetrokken."
        elif not accepted:
            assert isinstance(ours, Refused)
            assert ours.code in {"handover_state", "no_handover", "wrong_state"}
        if not isinstance(theirs, Result):
            assert str(theirs) == "De gemeente heeft deze overdracht geaccepteerd."
        won["accept" if accepted else rival] += 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, cases))
    assert sum(won.values()) == races
    with arena.engine.connect() as connection:
        found: dict[str, int] = {
            row[0]: row[1]
            for row in connection.execute(
                text("SELECT state, count(*) FROM handover GROUP BY state")
            )
        }
    if rival == "end":
        assert found == {"withdrawn": races}
    else:
        assert found.get("accepted", 0) == won["accept"]
        assert sum(found.values()) == races


def test_many_at_once_equal_one_after_the_other(arena: World) -> None:
    cases = [household_in("preparing", arena).case for _ in range(6)]
    ladder: list[tuple[str, str, Row]] = [
        ("prepare_handover", "case_manager",
         {"nothing_open": True, "preparation_absence": "Geen plaats."}),
        ("offer_handover", "case_manager", {}),
        ("accept_handover", "utrecht", {}),
        ("withdraw_handover", "case_manager", WITHDRAWAL),
        ("complete_handover", "utrecht", {"held": False, "absence": "no_time"}),
    ]  # fmt: skip
    with arena.engine.begin() as connection:
        requests = [
            arena.request(step, actor, payload, case)
            for step, actor, payload in ladder
            for case in cases
        ]
        outcomes = take_many(connection, requests, arena.moment)
    one = household_in("preparing", arena)
    for (step, actor, payload), batch in zip(
        ladder, (outcomes[n : n + 6] for n in range(0, 30, 6)), strict=True
    ):
        alone = _attempt(arena, step, actor, payload, one.case)
        assert {type(each) for each in batch} == {type(alone)}
        assert {str(each) for each in batch if isinstance(each, WorkflowError)} <= {str(alone)}
