"""Builds the demo: installs, hires, and takes every act of the plan through the engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine

from models.vocabulary import OrganisationKind, Role
from webapp.db import transaction
from webapp.demo.calendar import FIRST_DAY, QUOTA_ANNOUNCED, SECOND_QUOTA_ANNOUNCED
from webapp.demo.figures import MUNICIPALITIES_OF, TODAY
from webapp.demo.market import market
from webapp.demo.past import ZONE, Past, References
from webapp.demo.plan import make_plan
from webapp.demo.quotas import Quotas
from webapp.demo.rooms import OPENING_ON
from webapp.demo.users import SignIn, hire
from webapp.demo.walk import Progress, Walker
from webapp.installation import foundation
from workflows.installation import install, is_installed, record_fact
from workflows.matching.data import store
from workflows.matching.running_prices import make_price_list
from workflows.moment import Moment
from workflows.notices.plan import let_go
from workflows.reading.facts import program_facts
from workflows.reading.installed import installed_organisations

SEED = 2017
NOTICES_OF = timedelta(days=7)
STARTED, FINISHED = "demo_started", "demo_today"


class DemoState(StrEnum):
    """What a database holds, as far as a demo goes."""

    EMPTY = "empty"
    BROKEN_OFF = "broken_off"
    FILLED = "filled"


def state_of(connection: Connection) -> DemoState:
    """Tell whether a demo can be built, was left half built, or is not to be built."""
    facts = program_facts(connection)
    if STARTED in facts and FINISHED not in facts:
        return DemoState.BROKEN_OFF
    return DemoState.FILLED if is_installed(connection) else DemoState.EMPTY


def build(
    engine: Engine, seal: bytes, progress: Progress, *, seed: int = SEED, scale: float = 1.0
) -> list[SignIn]:
    """Fill an empty database with the demo and return who can sign in.

    `seal` is the key of the events' hashes; `scale` below 1 makes a smaller demo for tests. Raises
    ValueError when the database is not empty.
    """
    plan = make_plan(seed, scale)
    progress.reset(total=sum(len(half) for half in plan.halves))
    references = References(f"{seed} installation")
    past = Past(seal, references)
    with transaction(engine) as connection:
        record_fact(connection, STARTED, str(seed), past.on(FIRST_DAY))
        install(connection, foundation(MUNICIPALITIES_OF), past.on(FIRST_DAY))
        organisations = installed_organisations(connection)
        staff = hire(
            connection,
            organisations,
            past.on(FIRST_DAY),
            valid_from=date(FIRST_DAY.year, 1, 1),
            today=FIRST_DAY,
        )
        functional_manager = staff.of(Role.FUNCTIONAL_MANAGER, organisations[0].id, 0)
        for rows in market(seed, MUNICIPALITIES_OF):
            store(connection, functional_manager, rows, past.on(FIRST_DAY))
    walkers = [
        Walker(engine, staff, organisations, Past(seal, References(f"{seed} {n}")), acts)
        for n, acts in enumerate(plan.halves)
    ]
    ministry = next(each.id for each in organisations if each.kind == OrganisationKind.MINISTRY)
    quotas = Quotas(engine, staff.of(Role.QUOTA_OFFICER, ministry, 0), past, plan)
    stages = (
        (QUOTA_ANNOUNCED, quotas.first),
        (OPENING_ON, quotas.opening),
        (SECOND_QUOTA_ANNOUNCED, quotas.second),
        (TODAY, lambda: _record_facts(engine, past, seed)),
    )
    with ThreadPoolExecutor(len(walkers)) as pool:
        try:
            for until, afterwards in stages:
                for run in [pool.submit(walker.walk, until, progress) for walker in walkers]:
                    run.result()
                afterwards()
        except BaseException:
            # Ctrl-C too: leaving the block waits for the walkers.
            for walker in walkers:
                walker.stop()
            raise
    return staff.sign_ins


def _record_facts(engine: Engine, past: Past, seed: int) -> None:
    # From here on the time of day is the real one, on the day that stands still.
    built_at = datetime.now(ZONE)
    frozen = datetime.combine(TODAY, built_at.time(), ZONE)
    offset = frozen.astimezone(UTC) - built_at.astimezone(UTC)
    moment = Moment(TODAY, offset, past.seal)
    facts = {
        FINISHED: TODAY.isoformat(),
        "clock_offset_seconds": str(round(offset.total_seconds())),
        "demo_seed": str(seed),
        "demo_built_at": built_at.astimezone(UTC).isoformat(timespec="seconds"),
        "demo_notice": (
            "Demonstratie: de datum staat vast op 1 februari 2017 en alle personen zijn verzonnen."
        ),
    }
    with transaction(engine) as connection:
        for name, value in facts.items():
            record_fact(connection, name, value, moment)
        # Whoever opens the demo finds the notices of the last days, not those of a year.
        let_go(connection, moment, frozen - NOTICES_OF)
        # Nor do they wait for the first prices of room until a worker gets round to it.
        make_price_list(connection, moment)
