"""Many threads at the same cases: nothing doubled, nothing lost, nothing unexpected."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from models.vocabulary import QuotaKind
from tests.factories import Household, household_in, member, registered
from tests.races import THREADS, attempt, households_screened, race, side_by_side
from tests.world import BUNNIK, CENTRE, HALF_YEAR, UTRECHT, World
from workflows.engine import take_many
from workflows.errors import Refused, StaleVersion
from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.quota.ledger import Line, post_lines
from workflows.request import Outcome, Result
from workflows.rules.identifiers import synthetic_v_number

RACES = pytest.mark.parametrize(
    "races", [500, pytest.param(10_000, marks=pytest.mark.full)], ids=["500", "10000"]
)


@RACES
def test_a_form_sent_twice_at_once_acts_once(arena: World, races: int) -> None:
    cases = households_screened(arena, races)

    side_by_side(races, lambda number: form_twice(arena, cases[number], number))
    assert _scalar(arena, "SELECT count(*) FROM case_event WHERE step = 'link'") == races
    assert _scalar(arena, "SELECT reserved FROM quota_balance WHERE reserved > 0") == races


def form_twice(world: World, case: str, number: int) -> None:
    """Send one form twice at once: both get the one answer."""
    request = world.request(
        "link",
        "placement_officer",
        {"municipality": UTRECHT},
        case,
        3,
        f"form number {number}",
    )
    first, second = race(world, [request, request])
    assert isinstance(first, Result), first
    assert isinstance(second, Result), second
    assert {first.replayed, second.replayed} == {False, True}
    assert (first.event_id, first.version) == (second.event_id, second.version)


@RACES
def test_two_steps_at_once_on_one_version_have_one_winner(arena: World, races: int) -> None:
    cases = households_screened(arena, races)

    side_by_side(races, lambda number: rivals(arena, cases[number], number))
    lost = _scalar(
        arena,
        "SELECT count(*) FROM case_event e JOIN case_event f"
        " ON (f.case_id, f.version) = (e.case_id, e.version + 1)"
        " WHERE f.recorded_at < e.recorded_at",
    )
    assert lost == 0, "the clock ran back within a case"


def rivals(world: World, case: str, number: int) -> None:
    """Let users act on a case at once: on one version one wins, otherwise each in turn."""
    day = world.today
    wanted = [
        world.request("link", "placement_officer", {"municipality": UTRECHT}, case, 3),
        world.request("end", "case_manager", {"reason": "withdrawn", "ended_on": day}, case, 3),
    ]
    if number % 2:
        # Without a version both may be taken, in one order or the other.
        wanted = [
            world.request("link", "placement_officer", {"municipality": UTRECHT}, case),
            world.request(
                "record_stay", "case_manager", {"place": "elsewhere", "stays_from": day}, case
            ),
            world.request(
                "suspend", "case_manager", {"reason": "illness", "until": "2017-03-01"}, case
            ),
        ]
    outcomes = race(world, wanted)
    taken = [outcome for outcome in outcomes if isinstance(outcome, Result)]
    if number % 2:
        assert len(taken) == len(wanted), outcomes
        assert sorted(each.version for each in taken) == [4, 5, 6]
    else:
        assert len(taken) == 1, outcomes
        assert any(isinstance(outcome, StaleVersion) for outcome in outcomes)


@RACES
def test_a_v_number_registered_by_two_at_once_is_registered_once(arena: World, races: int) -> None:
    def run(number: int) -> None:
        person = member(v_number=synthetic_v_number(6_000_000 + number))
        payload = {
            "permit_on": arena.today,
            "centre": arena.centre(CENTRE),
            "members_to_add": [person],
        }
        outcomes = race(
            arena,
            [arena.request("register", who, payload) for who in ("case_manager", "colleague")],
        )
        kinds = Counter(type(outcome) for outcome in outcomes)
        assert kinds == {Result: 1, Refused: 1}, outcomes

    side_by_side(races, run)
    assert _scalar(arena, "SELECT count(*) FROM person") == races
    assert _scalar(arena, "SELECT count(*) FROM case_file") == races


def test_a_person_comes_back_into_one_case_only(arena: World) -> None:
    for number in range(40):
        person = member(v_number=synthetic_v_number(5_000_000 + number))
        made = registered(arena, [person])
        made.take("end", "case_manager", reason="withdrawn", ended_on=arena.today)
        payload = {
            "permit_on": arena.today,
            "centre": arena.centre(CENTRE),
            "members_to_add": [person],
        }
        request = arena.request("register", "case_manager", payload)
        outcomes = race(arena, [request, request])
        assert Counter(type(outcome) for outcome in outcomes) == {Result: 1, Refused: 1}


def test_large_batches_in_any_order_wait_for_each_other(arena: World) -> None:
    for _ in range(3):
        two_batches(arena, households_screened(arena, 30))


def two_batches(world: World, cases: list[str]) -> None:
    """Take the same cases in opposite orders in two batches of many waves: all are taken."""
    barrier = threading.Barrier(2)
    stay = {"place": "elsewhere", "stays_from": world.today}

    def run(order: Sequence[str]) -> list[Outcome]:
        # Each case comes twice, so that each begins a wave.
        asked = [
            world.request("record_stay", "case_manager", stay, case)
            for case in order
            for _ in range(2)
        ]
        barrier.wait()
        with world.engine.begin() as connection:
            return take_many(connection, asked, world.moment)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run, (cases, cases[::-1])))
    assert all(isinstance(outcome, Result) for outcomes in found for outcome in outcomes)


def test_fifty_officers_fill_ten_places_with_ten_persons(arena: World) -> None:
    for _ in range(3):
        ten_places(arena)


def ten_places(world: World) -> None:
    """Let fifty officers link at once where ten have room: ten are linked."""
    _give_room(world, BUNNIK, 10 - int(_scalar(world, _ROOM, code=BUNNIK)))
    made = [household_in("screened", world) for _ in range(50)]
    officers = ("placement_officer", "second_placement_officer")
    payload = {"municipality": BUNNIK}
    requests = [
        world.request("link", officers[number % 2], payload, each.case)
        for number, each in enumerate(made)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(lambda request: attempt(world, request), requests))
    assert sum(isinstance(outcome, Result) for outcome in outcomes) == 10
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert {refusal.code for refusal in refused} == {"no_room"}
    assert _scalar(world, _ROOM, code=BUNNIK) == 0


def test_a_publication_sees_every_line_recorded_up_to_it(arena: World) -> None:
    """Officers post while a publisher closes the ledger: no line turns up with an older stamp."""
    made = [household_in("housed", arena) for _ in range(60)]
    done = threading.Event()
    published: list[tuple[datetime, int]] = []

    def publish() -> None:
        while not done.is_set():
            with arena.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:l)"), {"l": LEDGER_LOCK})
                known = connection.scalar(text("SELECT clock_timestamp()"))
                assert isinstance(known, datetime)
                published.append((known, _lines_until(arena, known)))
            time.sleep(0.005)

    def post(each: Household) -> Outcome:
        return attempt(
            arena,
            arena.request("sign_off", "case_manager", {"booked_on": arena.today}, each.case),
        )

    with ThreadPoolExecutor(THREADS - 4) as pool:
        publishing = pool.submit(publish)
        outcomes = list(pool.map(post, made))
        _give_room(arena, UTRECHT, 7)
        done.set()
        publishing.result()
    assert all(isinstance(outcome, Result) for outcome in outcomes)
    assert len(published) > 2
    for known, lines in published:
        assert _lines_until(arena, known) == lines


_ROOM = "SELECT obliged - realised - reserved FROM quota_balance WHERE municipality_code = :code"


def _give_room(world: World, code: str, persons: int) -> None:
    line = Line(
        municipality_code=code,
        half_year=HALF_YEAR,
        kind=QuotaKind.TRANSFER_IN if persons > 0 else QuotaKind.TRANSFER_OUT,
        persons=persons,
        booked_on=world.today,
    )
    with world.engine.begin() as connection:
        post_lines(connection, world.actors["quota_officer"], [line], Moment(world.today))


def _lines_until(world: World, known: datetime) -> int:
    statement = "SELECT count(*) FROM quota_entry WHERE recorded_at <= :known"
    return int(_scalar(world, statement, known=known))


def _scalar(world: World, statement: str, **values: Any) -> Any:
    with world.engine.connect() as connection:
        return connection.scalar(text(statement), values)
