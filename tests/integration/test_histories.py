"""Random histories of steps by random actors keep everything that must hold."""

import os

from hypothesis import Phase, event, given, note, settings
from hypothesis import strategies as st

from tests.database import Database, Server
from tests.factories import Row
from tests.moves import Move, draw_move, seen
from tests.oracle import Model
from tests.payloads import Draw
from tests.world import World, opened
from workflows.errors import KeyReused, Refused, WorkflowError

HISTORIES = int(os.environ.get("THUISROUTE_TEST_HISTORIES", "40"))
LENGTH = 80


# A history of forty moves takes long to shrink and says as much unshrunk: its moves are noted.
@settings(max_examples=HISTORIES, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_what_must_hold_holds_after_any_history(
    server: Server, installed: Database, seed: int
) -> None:
    history(server, installed, seed)


def history(server: Server, installed: Database, seed: int) -> None:
    """Make the moves of a seed in a world of its own, and check all that must hold."""
    with server.temporary(installed.name) as database, opened(database, 1) as first:
        world = first
        model, draw = Model(), Draw(seed)
        for _ in range(LENGTH):
            if draw.one_in(12):
                world = world.later(draw.pick([1, 8, 60, 150]))
            _make(draw, world, model)
        with world.engine.begin() as connection:
            model.check(connection)


def _make(draw: Draw, world: World, model: Model) -> None:
    """Make one move; what is refused must be refused in words, by a rule, not by the database."""
    with world.engine.connect() as connection:
        move = draw_move(draw, world, seen(connection))
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
