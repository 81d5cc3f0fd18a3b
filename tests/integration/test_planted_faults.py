"""The properties of histories, batches and races catch a fault that is planted in the engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from models.vocabulary import CaseState, QuotaKind
from tests.database import Database, Server
from tests.factories import member, registered
from tests.integration.test_batches import batch
from tests.integration.test_histories import history
from tests.integration.test_races import (
    form_twice,
    rivals,
    ten_places,
    two_batches,
)
from tests.oracle import MUST_BE_EMPTY
from tests.races import households_screened
from tests.world import World
from workflows import effects, engine, gathering, loading, named, waves
from workflows.errors import Refused
from workflows.quota import lines
from workflows.records import MunicipalityRecord
from workflows.rules.agenda import Agenda, agenda
from workflows.rules.identifiers import synthetic_v_number
from workflows.situation import Situation
from workflows.statement import Statement

Plant = Callable[[pytest.MonkeyPatch], None]


def _state_kept_from_the_row(patch: pytest.MonkeyPatch) -> None:
    right = effects._Batch._collect_case

    def wrong(self: Any, situation: Situation) -> None:
        state = situation.case.state
        if state == CaseState.PREPARING and situation.before is not None:
            situation.case.state = situation.before.state
        right(self, situation)
        situation.case.state = state

    patch.setattr(effects._Batch, "_collect_case", wrong)


def _event_says_another_number(patch: pytest.MonkeyPatch) -> None:
    right = effects._posting_facts
    patch.setattr(effects, "_posting_facts", lambda each: right(each) | {"persons": 1})


def _rollup_forgets_what_is_realised(patch: pytest.MonkeyPatch) -> None:
    right = lines.rollup_rows

    def wrong(posted: Sequence[dict[str, Any]]) -> Any:
        return right([line for line in posted if line["kind"] != QuotaKind.REALISED])

    patch.setattr(effects, "rollup_rows", wrong)


def _queue_of_the_region_instead(patch: pytest.MonkeyPatch) -> None:
    def wrong(case: Any, norms: Any, municipality_id: int | None) -> Agenda:
        found = agenda(case, norms, municipality_id)
        if case.state != CaseState.OFFERED or found.responsible_id is None:
            return found
        return replace(found, responsible_id=case.region_id)

    patch.setattr(engine, "agenda", wrong)


def _room_that_is_not_there(patch: pytest.MonkeyPatch) -> None:
    right = MunicipalityRecord.room
    patch.setattr(MunicipalityRecord, "room", lambda self, until: right(self, until) + 500)


HISTORIES: dict[str, tuple[Plant, str | None]] = {
    "state = fold of events": (_state_kept_from_the_row, None),
    "ledger = function of events": (_event_says_another_number, "posted by an event that says so"),
    "rollup = sum of ledger": (_rollup_forgets_what_is_realised, None),
    "each open case in one queue": (_queue_of_the_region_instead, "in the queue of its centre"),
    "no link makes room negative": (_room_that_is_not_there, None),
}


def _tried(prove: Callable[[int], None]) -> Callable[[], None]:
    """Return a property over the same seeds each time, which stops at the first failure."""
    tried = given(seed=st.integers(0, 2**32))(prove)
    return settings(
        max_examples=80,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
    )(tried)


@pytest.mark.parametrize("held", HISTORIES)
def test_histories_catch_a_planted_fault(
    server: Server, installed: Database, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    plant, words = HISTORIES[held]
    plant(monkeypatch)
    tried = _tried(lambda seed: history(server, installed, seed))
    with pytest.raises(AssertionError, match=words):
        tried()


def test_a_person_in_two_live_cases_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def free(connection: Connection, numbers: set[str]) -> Any:
        known = named.lock_known_persons(connection, numbers)
        return {number: replace(each, live=False) for number, each in known.items()}

    someone = [member(v_number=synthetic_v_number(4_000_001))]
    registered(world, someone)
    monkeypatch.setattr(gathering, "lock_known_persons", free)
    # Without the engine's own rule the database still refuses it.
    with pytest.raises(Refused):
        registered(world, someone)
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(text("DROP INDEX uq_household_membership_live"))
    registered(world, someone)
    with world.engine.connect() as connection:
        statement = MUST_BE_EMPTY["a person is a member of one live case"]
        assert connection.execute(text(statement)).all()


def test_batches_catch_a_planted_fault(
    server: Server, installed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without waves a second step on a case decides on what was before the first.
    monkeypatch.setattr(waves, "_touched", lambda *_: set())
    tried = _tried(lambda seed: batch(server, installed, seed))
    with pytest.raises((AssertionError, ValueError)):
        tried()


def test_double_submissions_catch_a_planted_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [case] = households_screened(world, 1)
    monkeypatch.setattr(engine, "_claim_keys", lambda *_: None)
    with pytest.raises(AssertionError):
        form_twice(world, case, 1)


def test_simultaneous_steps_catch_a_planted_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = households_screened(world, 20)
    unlocked = Statement(_without_lock(loading._LOCK_CASES))
    monkeypatch.setattr(loading, "_lock_visible", lambda *_: unlocked)
    with pytest.raises(AssertionError):
        _each_in_turn(world, cases)


def test_officers_for_ten_places_catch_a_planted_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_BALANCES", Statement(_without_lock(loading._BALANCES._source)))
    with pytest.raises(AssertionError):
        ten_places(world)


def test_batches_in_opposite_orders_catch_a_planted_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = households_screened(world, 30)
    monkeypatch.setattr(engine, "lock_ahead", lambda *_: None)
    with pytest.raises(OperationalError, match="deadlock"):
        two_batches(world, cases)


def _each_in_turn(world: World, cases: list[str]) -> None:
    for number, case in enumerate(cases):
        rivals(world, case, number)


def _without_lock(statement: Any) -> Any:
    free = statement._generate()
    free._for_update_arg = None
    return free
