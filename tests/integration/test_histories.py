"""Random histories of steps by random actors keep everything that must hold."""

import os
from collections import Counter
from collections.abc import Iterator

from hypothesis import Phase, event, given, note, settings
from hypothesis import strategies as st

from models.vocabulary import CaseState
from tests.database import Database, Server
from tests.factories import Row
from tests.moves import FORWARD, Move, draw_move, outcome_of, seen
from tests.oracle import Model
from tests.payloads import Draw
from tests.world import World, opened
from workflows.errors import KeyReused, Refused, WorkflowError

HISTORIES = int(os.environ.get("THUISROUTE_TEST_HISTORIES", "40"))
LENGTH = 80
# A seed whose history goes on until outcomes are recorded.
LOOKS_BACK = 3
FURTHER = 60
ON_THE_ROAD = tuple(FORWARD)
# Days from the last move to half a year, a year and two years after most moved in.
AFTERWARDS = (180, 180, 370)


# A history of forty moves takes long to shrink and says as much unshrunk: its moves are noted.
@settings(max_examples=HISTORIES, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_what_must_hold_holds_after_any_history(
    server: Server, installed: Database, seed: int
) -> None:
    history(server, installed, seed)


@settings(max_examples=1)
@given(seed=st.just(LOOKS_BACK))
def test_a_history_goes_on_until_work_and_study_are_recorded(
    server: Server, installed: Database, seed: int
) -> None:
    assert steps_taken(server, installed, seed)["record_outcome"] > 0


def history(server: Server, installed: Database, seed: int) -> None:
    """Make the moves of a seed in a world of its own, and check all that must hold."""
    steps_taken(server, installed, seed)


def steps_taken(server: Server, installed: Database, seed: int) -> Counter[str]:
    """Make a history and return how often each step was taken.

    One in four goes on with its furthest household until half a year, a year and two years after
    it moved in.
    """
    taken: Counter[str] = Counter()
    with server.temporary(installed.name) as database, opened(database, 1) as first:
        world = first
        model, draw = Model(), Draw(seed)
        for _ in range(LENGTH):
            if draw.one_in(12):
                world = world.later(draw.pick([1, 8, 60, 150]))
            taken.update(_make(draw, world, model))
        if draw.one_in(4):
            taken.update(_see_through(draw, world, model))
            for days in AFTERWARDS:
                world = world.later(days)
                taken.update(_look_back(draw, world, model))
        with world.engine.begin() as connection:
            model.check(connection)
    return taken


def _see_through(draw: Draw, world: World, model: Model) -> Iterator[str]:
    """Let the household that came furthest go on, mostly until its case is closed."""
    for _ in range(FURTHER):
        with world.engine.connect() as connection:
            cases = [each for each in seen(connection) if each.state is not CaseState.ENDED]
        if not cases or any(each.state is CaseState.CLOSED for each in cases):
            return
        furthest = max(cases, key=lambda each: ON_THE_ROAD.index(each.state))
        yield from _make(draw, world, model, draw_move(draw, world, [furthest]))


def _look_back(draw: Draw, world: World, model: Model) -> Iterator[str]:
    """Let municipalities record, and correct, what became of those who moved in."""
    with world.engine.connect() as connection:
        closed = [each for each in seen(connection) if each.state is CaseState.CLOSED]
    for case in closed:
        for _ in case.members:
            yield from _make(draw, world, model, outcome_of(draw, world, case))


def _make(draw: Draw, world: World, model: Model, chosen: Move | None = None) -> Iterator[str]:
    """Make one move and yield its step when it was taken.

    What is refused must be refused in words, by a rule, not by the database.
    """
    with world.engine.connect() as connection:
        move = chosen or draw_move(draw, world, seen(connection))
    try:
        payload = _as_json(world, move)
        result = world.take(move.step, move.actor, move.payload, move.case, move.version, move.key)
        note(f"{world.today} {move} -> {result}")
    except WorkflowError as error:
        _check_refusal(model, move, error)
        return
    if result.replayed:
        return
    event(f"took {move.step}")
    with world.engine.connect() as connection:
        model.follow(connection, move.step, payload, result)
    yield move.step
    if move.step == "link" and payload.get("override") is None:
        assert model.room(payload["municipality"]) >= 0


def _as_json(world: World, move: Move) -> Row:
    return world.request(move.step, move.actor, move.payload).validated().model_dump(mode="json")


def _check_refusal(model: Model, move: Move, error: WorkflowError) -> None:
    if isinstance(error, Refused):
        assert str(error)
        assert error.code != "constraint", f"only the database refused {move}: {error}"
        if error.code == "no_room" and move.case is not None:
            waiting = model.waiting(model.dossiers[move.case])
            assert model.room(move.payload["municipality"]) < waiting
    elif isinstance(error, KeyReused):
        assert move.key is not None
