"""Every stage of every term is told once, on its day or when the worker is back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from models import Case
from tests.alert_oracle import AlertOracle, Told
from tests.database import Database, Server
from tests.factories import household_in, minor_in, registered
from tests.moves import draw_move, seen
from tests.payloads import Draw
from tests.world import SEAL, TODAY, World, opened
from workflows.deadlines import alerts
from workflows.deadlines.adulthood import raise_adulthood_tasks
from workflows.deadlines.alerts import fire_alerts
from workflows.deadlines.expiry import expire_handovers
from workflows.deadlines.sources import SOURCES
from workflows.errors import WorkflowError
from workflows.quota.verify import verify
from workflows.rules import stages, terms, working_days
from workflows.steps import place_minor

YEARS = int(os.environ.get("THUISROUTE_TEST_YEARS", "2"))
ONE_YEAR = timedelta(days=365)


def told_since(connection: Connection, newest: int) -> tuple[list[Told], list[date], int]:
    """Return what was told after an alert, in order, and the days for which it stood."""
    rows = connection.execute(
        text(
            "SELECT c.reference, a.term, a.subject, a.due_on, a.stage, a.stage_on, a.id"
            " FROM alert a JOIN case_file c ON c.id = a.case_id WHERE a.id > :newest ORDER BY a.id"
        ),
        {"newest": newest},
    ).all()
    newest = max([newest, *(row[6] for row in rows)])
    return [Told(*row[:5]) for row in rows], [row[5] for row in rows], newest


class Year:
    """A world that lives day by day, beside the oracle that watches it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.oracle = AlertOracle()
        self.newest = 0

    def act(self, step: Any) -> None:
        """Let something happen, and the oracle look at it."""
        step()
        with self.world.engine.connect() as connection:
            self.oracle.look(connection, self.world.today)

    def run(self, most: int = alerts.BATCH) -> int:
        """Run the job to its end, and compare what it told; returns how much that was."""
        with self.world.engine.begin() as connection:
            raise_adulthood_tasks(connection, self.world.moment)
        with self.world.engine.connect() as connection:
            wanted = self.oracle.expected(connection, self.world.today)
        for _ in range(1000):
            with self.world.engine.begin() as connection:
                if not fire_alerts(connection, self.world.moment, most):
                    break
        with self.world.engine.connect() as connection:
            found, days, self.newest = told_since(connection, self.newest)
        assert len(found) == len(set(found)), "told twice"
        assert set(found) == wanted
        assert days == sorted(days), "not in order"
        self.act(self._expire)
        return len(found)

    def _expire(self) -> None:
        with self.world.engine.begin() as connection:
            expire_handovers(connection, self.world.moment)


@contextmanager
def _fresh(server: Server, installed: Database) -> Iterator[World]:
    with server.temporary(installed.name) as database, opened(database, 1) as world:
        yield world


def random_year(world: World, seed: int) -> None:
    """Live a year of random acts, several days at a time, sometimes days without a worker."""
    year, draw = Year(world), Draw(seed)
    while year.world.today < TODAY + ONE_YEAR:
        for _ in range(draw.pick((0, 1, 3, 6))):
            year.act(lambda: _move(draw, year.world))
        if not draw.one_in(5):
            year.run(draw.pick((1, 7, 500)) if draw.one_in(3) else 500)
            if draw.one_in(4):
                assert year.run() == 0, "the second run of a day tells nothing"
        year.world = year.world.later(draw.pick((1, 1, 2, 3, 5, 9, 17)))
    year.run()
    with world.engine.begin() as connection:
        assert not list(verify(connection, SEAL))


def _move(draw: Draw, world: World) -> None:
    with world.engine.connect() as connection:
        move = draw_move(draw, world, seen(connection))
    try:
        world.take(move.step, move.actor, move.payload, move.case, move.version, move.key)
    except WorkflowError:
        return


@settings(max_examples=YEARS, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_a_year_of_alerts_equals_the_oracle(server: Server, installed: Database, seed: int) -> None:
    with _fresh(server, installed) as world:
        random_year(world, seed)


# Around Easter, the change of the clocks, Ascension, Christmas; with weeks in between.
RUNS = (
    "2017-02-01", "2017-02-02", "2017-02-03", "2017-02-06", "2017-02-08", "2017-02-09",
    "2017-03-25", "2017-03-27", "2017-04-13", "2017-04-14", "2017-04-18", "2017-04-19",
    "2017-04-21", "2017-04-28", "2017-05-29", "2017-10-30", "2017-12-27",
)  # fmt: skip


def scripted_year(world: World) -> Year:
    """Leave some households where they are, and run the job on days around holidays."""
    year = Year(world)
    for state in ("registered", "screened", "linked", "preparing", "offered", "refused", "housed"):
        year.act(lambda state=state: household_in(state, world))
    made = registered(world)
    year.act(lambda: made.take("assign", "case_manager", colleague=None))
    year.act(
        lambda: made.take("suspend", "case_manager", reason="illness", until=date(2017, 4, 14))
    )
    year.act(lambda: minor_in("preparing", world, born="1999-09-20"))
    paused = household_in("offered", world)
    year.act(
        lambda: paused.take("suspend", "case_manager", reason="illness", until=date(2017, 2, 20))
    )
    child = minor_in("linked", world, born="2005-06-01")
    year.act(
        lambda: child.take(
            "place_minor", "case_manager", placed_on=TODAY, placement="small_scale_reception"
        )
    )
    for day in RUNS:
        year.world = world.on(date.fromisoformat(day))
        year.run()
        assert year.run() == 0
    return year


def test_a_scripted_year_equals_the_oracle(world: World) -> None:
    year = scripted_year(world)
    assert {told.term for told in year.oracle.told} >= {
        "screening",
        "link",
        "lease",
        "municipality_lease",
        "take_up",
        "answer_offer",
        "judge_refusal",
        "sign_off",
        "resume",
        "assign",
        "task",
    }
    with world.engine.begin() as connection:
        assert not list(verify(connection, SEAL))


def _first_page(real: Any) -> Any:
    """Look at the earliest five terms only, told or not: the fault of starving alerts."""

    def untold(*given: Any) -> Any:
        term, stage, terms, latest = given
        known = term.rows(Case.id).where(term.only(terms), term.due_on <= latest)
        page = known.order_by(term.due_on, Case.id).limit(2).subquery()
        return real(term, stage, terms, latest).where(Case.id.in_(select(page.c.id)))

    return untold


DEFECTS: dict[str, tuple[Any, str, Any]] = {
    "a day early": (
        alerts,
        "latest_due_date",
        lambda today, ahead: stages.latest_due_date(today, ahead) + timedelta(days=1),
    ),
    "a day late": (
        alerts,
        "latest_due_date",
        lambda today, ahead: stages.latest_due_date(today, ahead) - timedelta(days=1),
    ),
    "holidays are worked": (working_days, "_holidays_of", lambda _year: frozenset()),
    "a first page": (alerts, "_untold", _first_page(alerts._untold)),
    "unassigned work alerts nobody": (
        alerts,
        "SOURCES",
        tuple(each for each in SOURCES if "assign" not in each.terms),
    ),
    "the municipality's own term alerts nobody": (
        alerts,
        "SOURCES",
        tuple(each for each in SOURCES if "municipality_lease" not in each.terms),
    ),
    "a suspension does not stop an act": (terms, "_stood", lambda *_: 0),
    "a child in reception must be signed off": (
        place_minor,
        "follow_counting",
        lambda situation: setattr(situation.case, "counts_since", situation.case.housed_on),
    ),
    "only on the day itself": (
        alerts,
        "_earliest",
        lambda connection, norms, today, *rest, _real=alerts._earliest: [
            each for each in _real(connection, norms, today, *rest) if each.stage_on == today
        ],
    ),
    "out of order": (
        alerts,
        "_earliest",
        lambda *given, _real=alerts._earliest: _real(*given)[::-1],
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_caught(
    world: World, defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, name, planted = DEFECTS[defect]
    monkeypatch.setattr(where, name, planted)
    # What is told early, the table itself refuses.
    with pytest.raises((AssertionError, IntegrityError)):
        scripted_year(world)
