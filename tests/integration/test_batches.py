"""`take_many` gives the database and the answers that repeated `take` gives."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.database import Database, Server
from tests.factories import Row, household, household_in, member
from tests.moves import Move, draw_move, seen
from tests.payloads import Draw
from tests.sameness import assert_same
from tests.world import CENTRE, TINY, World, opened
from workflows.engine import BatchRefusedError, take, take_many
from workflows.errors import InvalidPayload, Refused, StaleVersion, WorkflowError
from workflows.request import Outcome, Request, Result
from workflows.rules.identifiers import synthetic_v_number

BATCHES = int(os.environ.get("THUISROUTE_TEST_BATCHES", "12"))
BEFORE, AT_ONCE = 45, 35


@settings(max_examples=BATCHES, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_many_at_once_equals_one_by_one(server: Server, installed: Database, seed: int) -> None:
    batch(server, installed, seed)


def batch(server: Server, installed: Database, seed: int) -> None:
    """Take the moves of a seed at once and one by one, and compare."""
    draw = Draw(seed)
    with server.temporary(installed.name) as base:
        with opened(base, 1) as world:
            for _ in range(BEFORE):
                with world.engine.connect() as connection:
                    move = draw_move(draw, world, seen(connection))
                _answer(world, [world.request(*_parts(move))], one_by_one=True)
            with world.engine.connect() as connection:
                cases = seen(connection)
            moves = [draw_move(draw, world, cases) for _ in range(AT_ONCE)]
        note("\n".join(map(str, moves)))
        _compare(server, base, moves)


def _compare(server: Server, base: Database, moves: Sequence[Move]) -> tuple[list[str], list[str]]:
    """Take moves both ways in copies of a database and compare answers and databases."""
    with ExitStack() as stack:
        worlds = [
            stack.enter_context(opened(stack.enter_context(server.temporary(base.name)), 1))
            for _ in range(2)
        ]
        answers = []
        for world, one_by_one in zip(worlds, (True, False), strict=True):
            requests = [world.request(*_parts(move)) for move in moves]
            answers.append([_say(x) for x in _answer(world, requests, one_by_one=one_by_one)])
        assert answers[0] == answers[1]
        with worlds[0].engine.connect() as one, worlds[1].engine.connect() as other:
            assert_same(one, other)
        return answers[0], answers[1]


def _parts(move: Move) -> tuple[str, str, Row, str | None, int | None, str | None]:
    return move.step, move.actor, move.payload, move.case, move.version, move.key


def _answer(world: World, requests: list[Request], *, one_by_one: bool) -> list[Outcome]:
    if not one_by_one:
        with world.engine.begin() as connection:
            return take_many(connection, requests, world.moment)
    outcomes: list[Outcome] = []
    for request in requests:
        try:
            with world.engine.begin() as connection:
                outcomes.append(take(connection, request, world.moment))
        except WorkflowError as error:
            outcomes.append(error)
    return outcomes


def _say(outcome: Outcome) -> str:
    """Return an answer in words, without the keys that differ between two databases."""
    match outcome:
        case Result():
            return f"{outcome.state} {outcome.version} {outcome.replayed}"
        case Refused():
            return f"{outcome.code} {outcome.field_name} {outcome}"
        case InvalidPayload():
            return f"invalid {outcome}"
        case StaleVersion():
            return f"stale {outcome.seen} {outcome.current} {outcome.step} {outcome.actor_name}"
        case _:
            return type(outcome).__name__


def _both(server: Server, world: World, moves: Sequence[Move]) -> list[str]:
    """Take moves both ways from the state of a world, which is not used afterwards."""
    world.engine.dispose()
    return _compare(server, world.database, moves)[0]


def _register(world: World, *numbers: str, key: str | None = None) -> Move:
    roles = ("head", "partner", "child")
    members = [member(role, v_number=number) for role, number in zip(roles, numbers, strict=False)]
    payload = {
        "permit_on": date(2017, 1, 5),
        "centre": world.centre(CENTRE),
        "members_to_add": members,
    }
    return Move("register", "case_manager", payload, key=key)


def test_room_is_given_in_the_order_of_the_batch(server: Server, world: World) -> None:
    sizes = (2, 2, 1, 1)
    cases = [household_in("screened", world, household(size)).case for size in sizes]
    link = {"municipality": TINY}
    moves = [Move("link", "placement_officer", link, case) for case in cases]
    answers = _both(server, world, moves)
    assert [answer.split()[0] for answer in answers] == ["linked", "no_room", "linked", "no_room"]


def test_a_repeated_case_is_taken_in_turn(server: Server, world: World) -> None:
    case = household_in("linked", world).case
    moves = [
        Move("take_up", "utrecht", {}, case),
        Move("ask_contest", "utrecht", {"ground": "safety", "explanation": "Onveilig."}, case),
        Move("release_link", "placement_officer", {"reason": "safety"}, case),
        Move("link", "placement_officer", {"municipality": TINY}, case, 3),
        Move("link", "placement_officer", {"municipality": TINY}, case),
    ]
    answers = _both(server, world, moves)
    assert [answer.split()[0] for answer in answers] == [
        "preparing",
        "preparing",
        "screened",
        "stale",
        "linked",
    ]


def test_a_v_number_registered_twice_is_refused_the_second_time(
    server: Server, world: World
) -> None:
    number = synthetic_v_number(8_000_001)
    other = synthetic_v_number(8_000_002)
    moves = [_register(world, number), _register(world, other, number), _register(world, other)]
    answers = _both(server, world, moves)
    assert [answer.split()[0] for answer in answers] == [
        "registered",
        "v_number_live",
        "registered",
    ]


def test_a_person_may_return_once_the_case_before_it_in_the_batch_ended(
    server: Server, world: World
) -> None:
    number = synthetic_v_number(8_000_003)
    case = household_in("screened", world, [member(v_number=number)]).case
    end = Move("end", "case_manager", {"reason": "withdrawn", "ended_on": world.today}, case)
    answers = _both(server, world, [end, _register(world, number)])
    assert [answer.split()[0] for answer in answers] == ["ended", "registered"]


def test_a_repeated_key_acts_once(server: Server, world: World) -> None:
    number = synthetic_v_number(8_000_004)
    again = _register(world, number, key="the same form")
    other = _register(world, synthetic_v_number(8_000_005), key="the same form")
    answers = _both(server, world, [again, again, other])
    assert [answer.split()[-1] for answer in answers] == ["False", "True", "KeyReused"]


def test_all_or_nothing_stores_nothing_when_one_is_refused(world: World) -> None:
    made = household_in("screened", world)
    requests = [
        world.request("link", "placement_officer", {"municipality": TINY}, made.case),
        world.request("take_up", "tiny", {}, made.case),
        world.request("take_up", "tiny", {}, made.case),
    ]
    with pytest.raises(BatchRefusedError) as refused, world.engine.begin() as connection:
        take_many(connection, requests, world.moment, all_or_nothing=True)
    outcomes = refused.value.outcomes
    assert [type(outcome) for outcome in outcomes] == [Result, Result, Refused]
    assert made.row().state == "screened"
    assert _count(world.engine, "quota_entry WHERE kind = 'reserved'") == 0
    with world.engine.begin() as connection:
        take_many(connection, requests[:2], world.moment, all_or_nothing=True)
    assert made.row().state == "preparing"


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - own names
