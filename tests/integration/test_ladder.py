"""The ladder: proposals with their grounds, decisions, and what is excusable; own province only."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.vocabulary import QuotaKind
from tests.factories import household, household_in
from tests.world import AMSTERDAM, BUNNIK, HALF_YEAR, TINY, UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.quota.ledger import Line, write_lines
from workflows.quota.period import HalfYear
from workflows.reading.supervision import Supervised, supervised
from workflows.supervision.criteria import NewCriterion, criteria, set_criterion
from workflows.supervision.excusability import reckon
from workflows.supervision.ladder import Decision, decide, propose

CLOSED = date(2017, 8, 15)
PROVINCE_OF_UTRECHT = 26


@pytest.fixture
def later(world: World) -> World:
    """Return the world after the test date of its half-year, in which nobody realised.

    What the world itself holds was recorded when the test ran, long after that date.
    """
    records(world, BUNNIK, 40, datetime(2017, 2, 1, tzinfo=UTC))
    records(world, TINY, 3, datetime(2017, 2, 1, tzinfo=UTC))
    return world.on(CLOSED)


def records(world: World, code: str, persons: int, at: datetime) -> None:
    """Write an obligation of the half-year that was recorded at an instant."""
    line = Line(
        municipality_code=code,
        half_year=HALF_YEAR,
        kind=QuotaKind.OPENING,
        persons=persons,
        reason="written by a test",
    )
    with world.engine.begin() as connection:
        write_lines(connection, world.actors["quota_officer"], [line], at)


def proposes(world: World, half_year: HalfYear = HALF_YEAR, name: str = "supervisor") -> int:
    with world.engine.begin() as connection:
        return propose(connection, world.actors[name], half_year, world.moment)


def seen(world: World, code: str) -> Supervised:
    with world.engine.connect() as connection:
        [found] = supervised(connection, world.actors["supervisor"], code)
    return found


def test_a_backlog_proposes_a_signal_with_its_grounds(later: World) -> None:
    assert proposes(later) == PROVINCE_OF_UTRECHT
    newest = seen(later, BUNNIK).proposals[0]
    assert (newest.step, newest.backlog, newest.missed_in_a_row) == (1, 40, 1)
    assert newest.valid == date(2017, 7, 1)
    assert (
        newest.known < datetime(2017, 7, 30, 22, tzinfo=UTC) < newest.known + timedelta(seconds=1)
    )
    assert len(newest.grounds["criteria"]) == 6
    quiet = [each for each in _all(later) if each.proposals[0].backlog == 0]
    assert quiet
    assert {each.proposals[0].step for each in quiet} == {0}


def _all(world: World) -> list[Supervised]:
    with world.engine.connect() as connection:
        return supervised(connection, world.actors["supervisor"])


def test_half_years_missed_in_a_row_climb_the_ladder(later: World) -> None:
    world = later.on(date(2018, 2, 15))
    assert proposes(world, HalfYear(2017, 2))
    newest = seen(world, BUNNIK).proposals[0]
    assert (newest.step, newest.missed_in_a_row) == (2, 2)
    assert [each["half_year"] for each in newest.grounds["half_years"]][:2] == ["2017-II", "2017-I"]


def test_what_is_recorded_within_the_lag_counts_and_later_does_not(later: World) -> None:
    records(later, BUNNIK, -10, datetime(2017, 7, 30, 21, tzinfo=UTC))
    records(later, BUNNIK, -10, datetime(2017, 7, 30, 23, tzinfo=UTC))
    proposes(later)
    assert seen(later, BUNNIK).proposals[0].backlog == 30


def test_before_the_test_date_nothing_is_proposed(later: World) -> None:
    for day in (date(2017, 6, 30), date(2017, 7, 30)):
        with pytest.raises(Refused) as refusal:
            proposes(later.on(day))
        assert (refusal.value.code, refusal.value.field_name) == ("not_due", "half_year")
    assert proposes(later.on(date(2017, 7, 31)))


def test_a_person_decides_and_the_decision_knows_its_proposal(later: World) -> None:
    proposes(later)
    payload = Decision(step=3, decided_on=CLOSED, reason="Afspraken gemaakt met het college.")
    with later.engine.begin() as connection:
        decide(connection, later.actors["supervisor"], BUNNIK, payload, later.moment)
    found = seen(later, BUNNIK)
    assert (found.step, found.decisions[0].reason) == (3, payload.reason)
    with later.engine.connect() as connection:
        assert connection.scalar(text("SELECT proposal_id FROM ladder_decision")) is not None
    tomorrow = payload.model_copy(update={"decided_on": date(2017, 8, 16)})
    with later.engine.begin() as connection, pytest.raises(Refused):
        decide(connection, later.actors["supervisor"], BUNNIK, tomorrow, later.moment)


def test_a_supervisor_sees_the_own_province_only(later: World) -> None:
    proposes(later)
    assert {each.code for each in _all(later)} >= {UTRECHT, BUNNIK}
    assert AMSTERDAM not in {each.code for each in _all(later)}
    payload = Decision(step=1, decided_on=CLOSED, reason="Niet van deze provincie.")
    actor = later.actors["supervisor"]
    for code in (AMSTERDAM, "GM9999"):
        with later.engine.begin() as connection, pytest.raises(NotFound):
            decide(connection, actor, code, payload, later.moment)
        with later.engine.connect() as connection, pytest.raises(NotFound):
            supervised(connection, actor, code)
    for name in ("utrecht", "manager", "quota_officer", "auditor"):
        with pytest.raises(NotFound):
            proposes(later, name=name)
        with later.engine.connect() as connection, pytest.raises(NotFound):
            supervised(connection, later.actors[name])


def test_a_province_sets_its_own_criteria_from_a_day_on(later: World) -> None:
    actor = later.actors["supervisor"]
    payload = NewCriterion(
        step=2,
        valid_from=date(2017, 6, 1),
        backlog_from=30,
        missed_in_a_row=1,
        registration_lag_days=14,
        source="Besluit van Gedeputeerde Staten",
    )
    with later.engine.begin() as connection:
        set_criterion(connection, actor, payload, later.moment)
        versions = [each for each in criteria(connection, actor) if each.step == 2]
        assert [each.valid_until for each in versions] == [None, date(2017, 6, 1)]
        with pytest.raises(Refused):
            set_criterion(connection, actor, payload, later.moment)
    proposes(later)
    assert seen(later, BUNNIK).proposals[0].step == 2
    assert seen(later, TINY).proposals[0].step == 1


def test_excusable_is_what_coa_did_not_link(world: World) -> None:
    household_in("linked", world, household(2, 1), municipality=BUNNIK)
    made = household_in("housed", world, household(2), municipality=BUNNIK)
    made.take("sign_off", "case_manager", booked_on=world.today)
    after = world.on(date(2017, 4, 1))
    with after.engine.begin() as connection:
        actor = after.actors["supervisor"]
        assert reckon(connection, actor, HALF_YEAR, after.moment) == PROVINCE_OF_UTRECHT
    found = seen(after, BUNNIK).excusabilities[0]
    assert (found.corrected_quota, found.realised, found.open_reservations) == (40, 2, 3)
    assert found.shortfall == 35
    with world.engine.begin() as connection, pytest.raises(Refused):
        reckon(connection, world.actors["supervisor"], HALF_YEAR, world.moment)


def test_the_database_refuses_a_figure_that_does_not_follow(world: World) -> None:
    with world.engine.begin() as connection, pytest.raises(DBAPIError, match="shortfall"):
        connection.execute(
            text(
                "INSERT INTO excusability (municipality_code, on_date, known, corrected_quota,"
                " realised, open_reservations, shortfall, computed_by)"
                " SELECT :code, '2017-04-01', now(), 40, 2, 3, 36, id FROM user_account LIMIT 1"
            ),
            {"code": BUNNIK},
        )
