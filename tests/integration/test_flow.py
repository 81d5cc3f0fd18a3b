"""Every figure of the flow is the sum of its list, for whoever may count."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.vocabulary import CaseState, HouseholdType, WaitingParty
from tests.factories import household, household_in
from tests.world import FAR_CENTRE, World
from workflows.errors import NotFound
from workflows.reading.flow import dwell, terms, waiting
from workflows.reading.flow_counts import delay, delayed_selection, weeks
from workflows.reading.flow_list import Counted, Selection

OLD = timedelta(days=99)
COUNTERS = ("manager", "centre_coordinator", "region_coordinator", "utrecht_coordinator")


@pytest.fixture
def peopled(world: World) -> World:
    """Return a world with households in all states, some delayed, one in another region."""
    for state in CaseState:
        household_in(state, world, household(2, 1))
    old = world.today - OLD
    household_in(CaseState.PREPARING, world, permit_on=old)
    household_in(CaseState.SCREENED, world, household(2, 2), permit_on=old)
    household_in(CaseState.CLOSED, world, permit_on=old)
    # On the last day of the term nobody is delayed yet.
    household_in(CaseState.SCREENED, world, permit_on=old + timedelta(days=1))
    world.take(
        "register",
        "far_case_manager",
        {
            "permit_on": old,
            "centre": world.centre(FAR_CENTRE),
            "members_to_add": household(),
        },
    )
    return world


@pytest.mark.parametrize("name", COUNTERS)
def test_counts_are_the_sums_of_their_lists(peopled: World, name: str) -> None:
    actor, today = peopled.actors[name], peopled.today
    with peopled.engine.connect() as connection:
        norms = terms(connection, peopled.moment)
        late = delay(connection, actor, today, norms.move)
        expected: list[tuple[Counted, Selection]] = [
            (late.in_reception, Selection(reception=True)),
            (late.delayed, delayed_selection(today, norms.move)),
            (late.singles, delayed_selection(today, norms.move, HouseholdType.SINGLE)),
        ]
        for each in waiting(connection, actor, today, norms.states):
            chosen = Selection(
                states=() if each.state is None else (each.state,),
                party=None if each.party is None else WaitingParty(each.party),
            )
            expected.append((Counted(each.cases, each.persons), chosen))
        for week in weeks(connection, actor, today):
            start = week.starts_on
            expected.append((week.registered, Selection(registered_week=start)))
            expected.append((week.housed, Selection(housed_week=start)))
            expected.append((week.ended, Selection(ended_week=start)))
        for counted, selection in expected:
            assert selection.count(connection, actor, today) == counted
            rows = list(selection.export(connection, actor, today))
            assert Counted(len(rows), sum(row.persons for row in rows)) == counted
            assert not any(row.may_open for row in rows if name == "manager")


@pytest.mark.parametrize("name", COUNTERS)
def test_the_times_a_state_was_left_are_those_of_the_cases_in_its_list(
    peopled: World, name: str
) -> None:
    actor, today = peopled.actors[name], peopled.today
    with peopled.engine.connect() as connection:
        found = {each.state: each.times for each in dwell(connection, actor, today)}
        for state in CaseState:
            listed = Selection(left=state).count(connection, actor, today)
            assert found.get(state, 0) == listed.cases
    assert found[CaseState.SCREENED] > 0


def test_the_days_in_a_state_run_on_while_another_party_acts(world: World) -> None:
    made = household_in(CaseState.MOVING, world)
    made.world = _after(world, days=4)
    made.take("sign_lease", made.officer, title_on=world.today)
    assert made.row().waiting_party == WaitingParty.CENTRE
    made.world = _after(world, days=9)
    made.take("house", made.officer, housed_on=world.today)
    with world.engine.connect() as connection:
        times = dwell(connection, world.actors["manager"], world.today)
    [moving] = [each for each in times if each.state is CaseState.MOVING]
    assert (moving.times, moving.median_days) == (1, 9.0)


def test_a_state_left_twice_counts_twice_and_lists_the_case_once(world: World) -> None:
    made = household_in(CaseState.LINKED, world)
    made.take("release_link", "placement_officer", reason="safety")
    made.take("link", "placement_officer", municipality=made.municipality)
    made.take("release_link", "placement_officer", reason="safety")
    manager = world.actors["manager"]
    with world.engine.connect() as connection:
        times = {each.state: each.times for each in dwell(connection, manager, world.today)}
        listed = Selection(left=CaseState.LINKED).count(connection, manager, world.today)
    assert (times[CaseState.LINKED], listed.cases) == (2, 1)


def _after(world: World, days: int) -> World:
    return replace(world, moment=replace(world.moment, offset=timedelta(days=days)))


def test_delayed_are_those_still_in_reception_after_the_term(peopled: World) -> None:
    actor, today = peopled.actors["manager"], peopled.today
    with peopled.engine.connect() as connection:
        late = delay(connection, actor, today, 98)
    assert late.delayed == Counted(3, 6)
    assert late.singles == Counted(2, 2)
    assert late.singles_percent == 33


def test_each_live_case_waits_once(peopled: World) -> None:
    actor, today = peopled.actors["manager"], peopled.today
    with peopled.engine.connect() as connection:
        stock = waiting(connection, actor, today, dict.fromkeys(CaseState, 7))
        live = Selection().count(connection, actor, today)
    by_state = [each for each in stock if each.party is None]
    by_party = [each for each in stock if each.state is None]
    assert sum(each.cases for each in by_state) == live.cases
    assert sum(each.cases for each in by_party) == live.cases


def test_a_coordinator_counts_the_own_cases_only(peopled: World) -> None:
    today = peopled.today
    with peopled.engine.connect() as connection:
        whole = Selection().count(connection, peopled.actors["manager"], today)
        own = Selection().count(connection, peopled.actors["centre_coordinator"], today)
    assert own.cases == whole.cases - 1


@pytest.mark.parametrize("name", ["supervisor", "case_manager", "administrator", "utrecht"])
def test_who_may_not_count_gets_nothing(world: World, name: str) -> None:
    with world.engine.connect() as connection, pytest.raises(NotFound):
        Selection().count(connection, world.actors[name], world.today)
    with world.engine.connect() as connection, pytest.raises(NotFound):
        delay(connection, world.actors[name], world.today, 98)


def test_pages_follow_each_other(peopled: World) -> None:
    actor, today = peopled.actors["manager"], peopled.today
    chosen = Selection(registered_week=today - timedelta(days=today.weekday()))
    with peopled.engine.connect() as connection:
        whole = [row.reference for row in chosen.export(connection, actor, today)]
        paged: list[str] = []
        after = None
        while page := chosen.page(connection, actor, today, after=after, size=4):
            paged += [row.reference for row in page]
            after = page[-1].cursor
    assert paged == whole
    assert len(whole) > 4
