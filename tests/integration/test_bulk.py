"""One step on many cases: what is previewed happens, once per case, whoever dies or cancels."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import OperationalError

from models import AuditEntry, BulkRow, BulkRun, Case, CaseEvent, Grant
from models.bulk import BulkStatus
from tests.factories import household, registered
from tests.world import FAR_CENTRE, World
from workflows.actor import Actor
from workflows.bulk.advance import advance, standing_still
from workflows.bulk.fitting import BULK_STEPS, Order, order, steps_for
from workflows.bulk.preview import MOST_CASES, PreviewRow, prepare
from workflows.bulk.run import cancel, resume, start
from workflows.engine import take_many
from workflows.errors import InvalidPayload, NotFound, Refused, Saying
from workflows.moment import Moment
from workflows.reading.bulk import Progress, recent, status
from workflows.request import Result

UNTIL = {"reason": "illness", "until": "2017-02-20"}


@dataclass(frozen=True)
class Scene:
    """A world with two colleagues of one centre, whose cases are registered by steps."""

    world: World

    @property
    def engine(self) -> Engine:
        return self.world.engine

    @property
    def moment(self) -> Moment:
        return self.world.moment

    @property
    def manager(self) -> Actor:
        return self.world.actors["case_manager"]

    @property
    def colleague(self) -> Actor:
        return self.world.actors["colleague"]

    def cases(self, number: int) -> list[str]:
        payload = {"permit_on": "2017-01-20", "centre": self.world.centre()}
        requests = [
            self.world.request("register", self.manager, payload | {"members_to_add": household()})
            for _ in range(number)
        ]
        with self.engine.begin() as connection:
            outcomes = take_many(connection, requests, self.moment)
        results = [outcome for outcome in outcomes if isinstance(outcome, Result)]
        assert len(results) == number
        return [result.case for result in results]


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def _suspension(scene: Scene) -> Order:
    return order(scene.manager, "suspend", UNTIL)


def _previewed(scene: Scene, wanted: Order, references: list[str]) -> list[PreviewRow]:
    with scene.engine.begin() as connection:
        return prepare(connection, wanted, references, scene.moment)


def _started(scene: Scene, wanted: Order, rows: list[PreviewRow]) -> str:
    seen = [(row.reference, row.case.version) for row in rows if row.case is not None]
    with scene.engine.begin() as connection:
        return start(connection, wanted, seen, scene.moment)


def _advanced(scene: Scene, run: str, batch: int = 100) -> Progress:
    with scene.engine.begin() as connection:
        return advance(connection, run, scene.moment, batch=batch)


def _to_the_end(scene: Scene, run: str, batch: int = 100) -> Progress:
    progress = _advanced(scene, run, batch)
    while not progress.finished:
        progress = _advanced(scene, run, batch)
    return progress


def _messages(scene: Scene, run: str) -> dict[str, Saying | None]:
    with scene.engine.begin() as connection:
        found = status(connection, scene.manager, run, scene.moment.today)
    return {row.reference: row.message for row in found.rows}


def _suspensions(scene: Scene) -> dict[str, int]:
    """Count the suspensions of each case."""
    with scene.engine.connect() as connection:
        rows = connection.execute(
            select(Case.reference, func.count())
            .join(CaseEvent, CaseEvent.case_id == Case.id)
            .where(CaseEvent.step == "suspend")
            .group_by(Case.reference)
        )
        return {row[0]: row[1] for row in rows}


def _mixed(scene: Scene, number: int = 12) -> list[str]:
    """Return cases of which every fourth is suspended already."""
    cases = scene.cases(number)
    for reference in cases[::4]:
        scene.world.take("suspend", scene.manager, UNTIL, reference)
    return cases


def test_steps_fit_by_what_their_payloads_declare() -> None:
    assert {"assign", "take_up", "change_centre", "suspend", "resume", "record_stay"} <= set(
        BULK_STEPS
    )
    for code in ("register", "screen", "link", "close", "end", "house", "sign_off", "correct"):
        assert code not in BULK_STEPS
    for step in BULK_STEPS.values():
        required = {name for name, f in step.payload.model_fields.items() if f.is_required()}
        assert required <= step.payload.plain_fields


def test_personal_fields_are_filled_in_per_case(scene: Scene) -> None:
    with pytest.raises(InvalidPayload) as refused:
        order(scene.manager, "suspend", UNTIL | {"explanation": "In het ziekenhuis"})
    assert set(refused.value.errors) == {"explanation"}


def test_a_step_without_the_right_to_it_does_not_exist(scene: Scene) -> None:
    assert "take_up" not in {step.code for step in steps_for(scene.manager)}
    for code in ("take_up", "close", "no_such_step"):
        with pytest.raises(NotFound):
            order(scene.manager, code, {})


def test_the_preview_is_what_happens(scene: Scene) -> None:
    rows = _previewed(scene, _suspension(scene), _mixed(scene))
    run = _started(scene, _suspension(scene), rows)
    progress = _to_the_end(scene, run, batch=5)
    assert (progress.taken, progress.refused) == (9, 3)
    assert _messages(scene, run) == {row.reference: row.refusal for row in rows}


def test_the_preview_changes_nothing(scene: Scene) -> None:
    cases = _mixed(scene)
    with scene.engine.connect() as connection:
        before = connection.execute(select(Case.__table__).order_by(Case.id)).all()
        events = connection.scalar(select(func.count()).select_from(CaseEvent))
    _previewed(scene, _suspension(scene), cases)
    with scene.engine.connect() as connection:
        assert connection.execute(select(Case.__table__).order_by(Case.id)).all() == before
        assert connection.scalar(select(func.count()).select_from(CaseEvent)) == events


def test_a_case_of_another_organisation_is_as_if_it_did_not_exist(scene: Scene) -> None:
    foreign = registered(scene.world, actor="far_case_manager", centre=FAR_CENTRE).case
    known, hidden, absent = _previewed(
        scene, _suspension(scene), [scene.cases(1)[0], foreign, "a" * 16]
    )
    assert known.refusal is None
    assert hidden.case is None
    assert hidden.refusal == absent.refusal
    assert (hidden.case, hidden.refusal) == (absent.case, absent.refusal)
    with pytest.raises(Refused), scene.engine.begin() as connection:
        start(connection, _suspension(scene), [(foreign, 1)], scene.moment)


def test_the_number_of_cases_has_a_limit(scene: Scene) -> None:
    for references in ([], [f"{n:016d}" for n in range(MOST_CASES + 1)]):
        with pytest.raises(Refused):
            _previewed(scene, _suspension(scene), references)


def test_a_case_that_changed_since_the_preview_is_refused(scene: Scene) -> None:
    cases = scene.cases(3)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    stay = {"place": "elsewhere", "stays_from": "2017-01-30"}
    scene.world.take("record_stay", scene.manager, stay, cases[1])
    progress = _to_the_end(scene, run)
    assert (progress.taken, progress.refused) == (2, 1)
    message = _messages(scene, run)[cases[1]]
    assert message is not None
    assert message.template == "Dit dossier is zojuist gewijzigd door {name}."


def test_a_worker_that_dies_midway_leaves_nothing_half_done(scene: Scene) -> None:
    cases = scene.cases(30)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    _advanced(scene, run, batch=10)
    with pytest.raises(OperationalError):
        _advance_and_die(scene, run)
    assert sum(_suspensions(scene).values()) == 10
    progress = _to_the_end(scene, run, batch=10)
    assert progress == Progress(BulkStatus.DONE, taken=30, refused=0, waiting=0)
    assert _suspensions(scene) == dict.fromkeys(cases, 1)


def _advance_and_die(scene: Scene, run: str) -> None:
    """Do a batch and lose the connection before its commit, as the death of the worker would."""
    with scene.engine.begin() as connection:
        advance(connection, run, scene.moment, batch=10)
        own = connection.scalar(select(func.pg_backend_pid()))
        with scene.engine.begin() as other:
            other.execute(select(func.pg_terminate_backend(own, 5_000)))
        connection.execute(select(1))


def test_a_run_that_is_done_is_left_as_it_is(scene: Scene) -> None:
    cases = scene.cases(3)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    once, twice = _to_the_end(scene, run), _to_the_end(scene, run)
    assert once == twice
    assert _suspensions(scene) == dict.fromkeys(cases, 1)


def test_cancelling_stops_and_resuming_goes_on(scene: Scene) -> None:
    cases = scene.cases(9)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    _advanced(scene, run, batch=3)
    with scene.engine.begin() as connection:
        cancel(connection, scene.manager, run, scene.moment)
    stopped = Progress(BulkStatus.CANCELLED, taken=3, refused=0, waiting=6)
    assert _advanced(scene, run, batch=3) == stopped
    with scene.engine.begin() as connection:
        resume(connection, scene.manager, run, scene.moment)
    assert _to_the_end(scene, run, batch=3) == Progress(BulkStatus.DONE, 9, 0, 0)
    assert _suspensions(scene) == dict.fromkeys(cases, 1)
    with scene.engine.connect() as connection:
        actions = connection.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.object_reference == run)
            .order_by(AuditEntry.id)
        ).all()
    assert actions == ["start_bulk", "cancel_bulk", "resume_bulk"]


def test_a_finished_run_is_neither_cancelled_nor_resumed(scene: Scene) -> None:
    cases = scene.cases(2)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    _to_the_end(scene, run)
    for change in (cancel, resume):
        with scene.engine.begin() as connection:
            change(connection, scene.manager, run, scene.moment)
        assert _advanced(scene, run).status is BulkStatus.DONE


def test_two_workers_take_turns(scene: Scene) -> None:
    cases = scene.cases(60)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    with ThreadPoolExecutor(4) as workers:
        ends = list(workers.map(lambda _worker: _to_the_end(scene, run, batch=7), range(4)))
    assert set(ends) == {Progress(BulkStatus.DONE, taken=60, refused=0, waiting=0)}
    assert _suspensions(scene) == dict.fromkeys(cases, 1)


def test_a_grant_that_ended_in_between_is_refused(scene: Scene) -> None:
    cases = scene.cases(6)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    _advanced(scene, run, batch=2)
    with scene.engine.begin() as connection:
        connection.execute(
            update(Grant)
            .where(Grant.user_id == scene.manager.user_id)
            .values(valid_until=scene.moment.today)
        )
    progress = _to_the_end(scene, run)
    assert (progress.taken, progress.refused) == (2, 4)
    assert sum(_suspensions(scene).values()) == 2


def test_the_same_form_sent_twice_is_one_run(scene: Scene) -> None:
    (case,) = scene.cases(1)
    reference = scene.moment.new_reference()
    for _submission in range(2):
        with scene.engine.begin() as connection:
            made = start(
                connection, _suspension(scene), [(case, 1)], scene.moment, reference=reference
            )
        assert made == reference
    with scene.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(BulkRun)) == 1
        assert connection.scalar(select(func.count()).select_from(BulkRow)) == 1


def test_a_run_is_its_users_own(scene: Scene) -> None:
    cases = scene.cases(1)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    other = scene.colleague
    with scene.engine.begin() as connection:
        assert recent(connection, other) == []
        for act in (
            lambda: status(connection, other, run, scene.moment.today),
            lambda: cancel(connection, other, run, scene.moment),
            lambda: resume(connection, other, run, scene.moment),
            lambda: start(
                connection,
                order(other, "suspend", UNTIL),
                [(cases[0], 1)],
                scene.moment,
                reference=run,
            ),
        ):
            with pytest.raises(NotFound):
                act()


def test_the_result_hides_a_household_that_went_out_of_sight(scene: Scene) -> None:
    cases = scene.cases(2)
    elsewhere = {"centre": scene.world.centre(FAR_CENTRE), "moved_on": "2017-01-30"}
    wanted = order(scene.manager, "change_centre", elsewhere)
    run = _started(scene, wanted, _previewed(scene, wanted, cases))
    assert _to_the_end(scene, run).taken == 2
    with scene.engine.connect() as connection:
        found = status(connection, scene.manager, run, scene.moment.today)
    assert [row.reference for row in found.rows] == cases
    assert {row.household_type for row in found.rows} == {None}


def test_the_sweep_finds_what_no_worker_is_busy_with(scene: Scene) -> None:
    cases = scene.cases(2)
    run = _started(scene, _suspension(scene), _previewed(scene, _suspension(scene), cases))
    with scene.engine.begin() as connection:
        assert standing_still(connection, scene.moment, timedelta(minutes=1)) == []
        assert standing_still(connection, scene.moment, timedelta(0)) == [run]
    with scene.engine.begin() as busy, scene.engine.begin() as sweep:
        advance(busy, run, scene.moment, batch=1)
        assert standing_still(sweep, scene.moment, timedelta(0)) == []
    _to_the_end(scene, run)
    with scene.engine.begin() as connection:
        assert standing_still(connection, scene.moment, timedelta(0)) == []


def test_an_unknown_run_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        _advanced(scene, "a" * 16)


def test_300_cases_take_less_than_five_seconds(scene: Scene) -> None:
    cases = scene.cases(300)
    began = time.perf_counter()
    rows = _previewed(scene, _suspension(scene), cases)
    run = _started(scene, _suspension(scene), rows)
    progress = _to_the_end(scene, run)
    assert time.perf_counter() - began < 5
    assert progress.taken == 300
