"""A demo of one hundredth: figures that add up, the same each time, and never in one's own data."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click import ClickException
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import Engine, text

from config.settings import Settings
from tests.database import Database
from tests.demo import NoBar
from tests.sameness import assert_same
from webapp.commands import demo as command
from webapp.demo.build import FINISHED, DemoState, build, state_of
from webapp.demo.figures import NationalFigures, divide
from webapp.demo.loopback import require_loopback
from webapp.demo.plan import make_plan
from webapp.embedded import EngineUrls
from workflows.quota.verify import verify
from workflows.reading.facts import program_facts

SEAL = b"the seal of the demo, 32 bytes.."
SEED, SCALE = 7, 0.01
CASES = text("SELECT reference FROM case_file ORDER BY reference")


@pytest.fixture(scope="module")
def small(module_database: Database) -> Iterator[Engine]:
    """Yield an engine on a small demo."""
    with module_database.engine() as engine:
        bar = NoBar()
        build(engine, SEAL, bar, seed=SEED, scale=SCALE)
        assert bar.done == bar.total
        yield engine


def test_the_national_figures_are_divided_to_the_digit() -> None:
    whole = divide(NationalFigures(), Random(SEED))  # noqa: S311 - the same each time
    assert len(whole) == 390
    assert sum(each.opening_previous for each in whole) == 5_282
    assert sum(each.quota for each in whole) == 13_000
    assert sum(max(each.remaining, 0) for each in whole) == 15_510
    assert sum(min(each.remaining, 0) for each in whole) == -409


def test_the_ledger_is_what_was_planned(small: Engine) -> None:
    nation = make_plan(SEED, SCALE).nation
    with small.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT kind || ' ' || half_year, sum(persons) FROM quota_entry"
                " WHERE kind IN ('opening', 'quota', 'realised') GROUP BY 1"
            )
        )
        booked = {row[0]: row[1] for row in rows}
        assert list(verify(connection, SEAL)) == []
    assert booked["opening 2016-II"] == sum(
        each.opening_previous for each in make_plan(SEED, SCALE).figures
    )
    assert booked["quota 2016-II"] == nation.quota_previous
    assert booked["realised 2016-II"] == nation.realised_previous
    assert booked["realised 2017-I"] == nation.realised


def test_what_was_recorded_lies_in_the_past(small: Engine) -> None:
    with small.connect() as connection:
        first, last = connection.execute(
            text("SELECT min(recorded_at)::date, max(recorded_at)::date FROM case_event")
        ).one()
        facts = program_facts(connection)
    assert str(first) >= "2016-01-04"
    assert str(last) <= "2017-01-31"
    assert facts[FINISHED] == "2017-02-01"


def test_the_same_seed_says_the_same(
    module_database: Database, small: Engine, database: Database
) -> None:
    with database.engine() as engine:
        build(engine, SEAL, NoBar(), seed=SEED, scale=SCALE)
        for each in (module_database, database):
            _take_chance_away(each)
        with small.connect() as one, engine.connect() as other:
            assert one.scalars(CASES).all() == other.scalars(CASES).all()
            assert_same(one, other)


def _take_chance_away(database: Database) -> None:
    """Passwords are random, and the real time of the build is not that of the demo."""
    with database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(text("UPDATE user_account SET password_hash = 'random'"))
        connection.execute(
            text("DELETE FROM program_fact WHERE name IN ('demo_built_at', 'clock_offset_seconds')")
        )


def test_a_build_that_broke_off_is_recognised(engine: Engine) -> None:
    with engine.connect() as connection:
        assert state_of(connection) is DemoState.EMPTY
    with pytest.raises(_Interrupted):
        build(engine, SEAL, _Interruption(), seed=SEED, scale=SCALE)
    with engine.connect() as connection:
        assert state_of(connection) is DemoState.BROKEN_OFF


class _Interrupted(Exception):
    pass


class _Interruption(NoBar):
    def update(self, n: float | None = 1) -> bool | None:
        super().update(n)
        raise _Interrupted


def test_a_database_of_ones_own_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_urls: EngineUrls
) -> None:
    own = Settings(data=tmp_path, database_url=SecretStr("postgresql://me@localhost/mine"))
    with pytest.raises(ClickException, match="of your own"):
        command.build_when_empty(own, engine_urls)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@localhost/mine")
    answer = CliRunner().invoke(command.command, ["build"])
    assert answer.exit_code == 1
    assert "of your own" in answer.output


def test_a_demo_is_served_to_this_machine_only(module_database: Database, small: Engine) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        require_loopback(host, module_database.url)
    with pytest.raises(ClickException, match="this machine only"):
        require_loopback("0.0.0.0", module_database.url)  # noqa: S104 - refused


def test_who_has_no_demo_may_serve_others(database: Database) -> None:
    require_loopback("0.0.0.0", database.url)  # noqa: S104 - allowed
