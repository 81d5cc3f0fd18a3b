"""Each job of the worker can run twice, and the second time changes nothing."""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import Engine, func, insert, text

from models import Base, ProgramFact
from models.vocabulary import CaseState
from tests.architecture.sources import Source, python
from tests.factories import household, household_in, registered
from tests.planted_outcomes import by_coin, measure, settle
from tests.relay import wants_mail
from tests.world import SEAL, World
from webapp.schedule import TIMED
from workflows.bulk.fitting import order
from workflows.bulk.preview import prepare
from workflows.bulk.run import start
from workflows.documents.files import keep_file
from workflows.matching.runs import Wish
from workflows.matching.runs import start as start_matching
from workflows.verification import ask_verification

# Each run leaves its own line here, as it should: the trail tells that it ran.
TRAILS = {"audit_entry", "read_entry"}


def bulk_run(world: World) -> str:
    """Start work on two cases an hour ago, and return its reference."""
    members = [{"members_to_add": household()} for _ in range(2)]
    payload = {"permit_on": "2017-01-20", "centre": world.centre()}
    cases = [world.take("register", "case_manager", payload | each).case for each in members]
    actor = world.actors["case_manager"]
    wanted = order(actor, "suspend", {"reason": "illness", "until": "2017-02-20"})
    earlier = replace(world.moment, offset=-timedelta(hours=1))
    with world.engine.begin() as connection:
        rows = prepare(connection, wanted, cases, world.moment)
        seen = [(row.reference, row.case.version) for row in rows if row.case is not None]
        return start(connection, wanted, seen, earlier)


def unused_file(world: World) -> str:
    """Send a file two days ago that nobody makes a document of, and return its reference."""
    earlier = replace(world.moment, offset=-timedelta(days=2))
    with world.engine.begin() as connection:
        return keep_file(connection, world.actors["case_manager"], b"%PDF-1.7", earlier, "upload")


def linked(world: World) -> str:
    """Link a household, which is told to a municipality where somebody wants mail."""
    wants_mail(world, "utrecht")
    return household_in(CaseState.LINKED, world).case


def suspension_over(world: World) -> str:
    """Suspend a case until yesterday, a month ago, and return its reference."""
    earlier = world.later(-30)
    case = registered(earlier).case
    until = world.today - timedelta(days=1)
    earlier.take("suspend", "case_manager", {"reason": "illness", "until": until}, case)
    return case


def late_case(world: World) -> str:
    """Register a household whose screening was due ten days ago, and return its reference."""
    payload = {"permit_on": "2017-01-20", "centre": world.centre(), "members_to_add": household()}
    return world.take("register", "case_manager", payload).case


def matching(world: World) -> str:
    """Start a run for two households an hour ago, and return its reference."""
    for _ in range(2):
        household_in("screened", world)
    earlier = replace(world.moment, offset=-timedelta(hours=1))
    with world.engine.begin() as connection:
        return start_matching(connection, world.actors["placement_officer"], Wish(), earlier)


def outcomes_recorded(world: World) -> str:
    """Record enough outcomes for a model, and return the reference of a case among them."""
    cohorts = settle(world)
    measure(cohorts, by_coin)
    return cohorts[0].cases[0]


def asked_verification(world: World) -> str:
    """Ask for an integrity check an hour ago, and return its reference."""
    earlier = replace(world.moment, offset=-timedelta(hours=1))
    with world.engine.begin() as connection:
        return ask_verification(connection, world.actors["auditor"], earlier)


# How the world stands before a job, and the job's arguments.
JOBS: Mapping[str, Callable[[World], tuple[str, ...]]] = {
    "webapp.jobs.bulk.advance_bulk": lambda world: (bulk_run(world),),
    "webapp.jobs.bulk.sweep_bulk": lambda world: _unnamed(bulk_run(world)),
    "webapp.jobs.deadlines.follow_deadlines": lambda world: _unnamed(late_case(world)),
    "webapp.jobs.matching.run_matching": lambda world: (matching(world),),
    "webapp.jobs.matching.sweep_matching": lambda world: _unnamed(matching(world)),
    "webapp.jobs.documents.drop_files": lambda world: _unnamed(unused_file(world)),
    "webapp.jobs.notices.relay_notices": lambda world: _unnamed(linked(world)),
    "webapp.jobs.notices.sweep_notices": lambda world: _unnamed(linked(world)),
    "webapp.jobs.prices.refresh_prices": lambda world: _unnamed(matching(world)),
    "webapp.jobs.score_model.fit_score_model": lambda world: _unnamed(outcomes_recorded(world)),
    "webapp.jobs.suspensions.resume_on_time": lambda world: _unnamed(suspension_over(world)),
    "webapp.jobs.verify.run_verification": lambda world: (asked_verification(world),),
    "webapp.jobs.verify.sweep_verification": lambda world: _unnamed(asked_verification(world)),
    "webapp.jobs.verify.verify_nightly": lambda world: _unnamed(bulk_run(world)),
}


def _unnamed(_reference: str) -> tuple[str, ...]:
    return ()


def queued(sources: Iterable[Source]) -> set[str]:
    """Return the jobs that the program puts on its queue, by hand or by the clock."""
    found = {each.function for each in TIMED}
    for source in sources:
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="enqueue") | ast.Name(id="ring_for"),
                    args=[ast.Constant(value=str(name)), *_],
                ):
                    found.add(name)
    return found


def fingerprint(engine: Engine) -> dict[str, str]:
    """Return a hash of the rows of each table but the trails."""
    tables = sorted(set(Base.metadata.tables) - TRAILS)
    parts = [
        f"SELECT '{name}', md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{name}\" t"  # noqa: S608 - own names
        for name in tables
    ]
    with engine.connect() as connection:
        rows = connection.execute(text(" UNION ALL ".join(parts)))
        return {row[0]: str(row[1]) for row in rows}


def effects_of_two_runs(engine: Engine, run: Callable[[], object]) -> tuple[set[str], set[str]]:
    """Return the tables that the first run changed, and those that the second did."""
    before = fingerprint(engine)
    run()
    between = fingerprint(engine)
    run()
    after = fingerprint(engine)
    return (
        {name for name in before if before[name] != between[name]},
        {name for name in before if between[name] != after[name]},
    )


@pytest.fixture
def worker(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world in whose database the worker's settings lead."""
    facts = {"demo_today": world.today.isoformat(), "clock_offset_seconds": "0"}
    with world.engine.begin() as connection:
        connection.execute(
            insert(ProgramFact).values(
                [
                    {"name": name, "value": value, "recorded_at": func.now()}
                    for name, value in facts.items()
                ],
            )
        )
    monkeypatch.setenv("DATABASE_URL", world.database.url)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("THUISROUTE_SEAL_KEY", SEAL.decode())
    return world


def test_every_job_is_tried_holds() -> None:
    assert queued(python("webapp")) == set(JOBS)


def test_every_job_is_tried_catches_a_planted_violation() -> None:
    for planted in (
        "queue.enqueue('webapp.jobs.mail.send', 1)",
        "ring_for('webapp.jobs.mail.send', reference, 600)",
    ):
        assert "webapp.jobs.mail.send" in queued([Source("webapp/jobs/mail.py", planted)])


@pytest.mark.parametrize("name", JOBS)
def test_a_job_runs_twice_with_one_effect_holds(worker: World, name: str) -> None:
    module, _, function = name.rpartition(".")
    job, arguments = getattr(import_module(module), function), JOBS[name](worker)
    first, second = effects_of_two_runs(worker.engine, lambda: job(*arguments))
    assert first != set()
    assert second == set()


def test_a_job_runs_twice_with_one_effect_catches_a_planted_violation(world: World) -> None:
    def tell_again() -> None:
        with world.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO program_fact (name, value, recorded_at)"
                    " SELECT 'told ' || count(*), '1', now() FROM program_fact"
                )
            )

    assert effects_of_two_runs(world.engine, tell_again) == ({"program_fact"}, {"program_fact"})
