from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import reference
from models.vocabulary import CaseState
from workflows.rules.deadlines import (
    CaseDueDates,
    Suspension,
    case_due_dates,
    case_permit_date,
    days_left,
    is_delayed,
    suspended_days,
    suspended_terms,
)
from workflows.rules.norms import NormCode

PERMIT = date(2016, 10, 1)
NORMS = reference.norms()
HOUSING = suspended_terms(CaseState.PREPARING)

states = st.sampled_from(CaseState)
permits = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@st.composite
def suspensions(draw: st.DrawFn, terms: frozenset[NormCode] | None = None) -> Suspension:
    begin = PERMIT + timedelta(days=draw(st.integers(0, 200)))
    stopped = suspended_terms(draw(states)) if terms is None else terms
    return Suspension(stopped, begin, begin + timedelta(days=draw(st.integers(0, 60))))


def suspend(first: int, last: int, terms: frozenset[NormCode] = HOUSING) -> Suspension:
    return Suspension(terms, PERMIT + timedelta(days=first), PERMIT + timedelta(days=last))


def lease_in_days(*stops: Suspension) -> int:
    return (case_due_dates(PERMIT, NORMS, suspensions=stops).lease - PERMIT).days


def test_the_terms_run_from_the_permit() -> None:
    assert case_due_dates(PERMIT, NORMS) == CaseDueDates(
        screening=date(2016, 10, 1),
        link=date(2016, 10, 15),
        lease=date(2016, 12, 24),
        move=date(2017, 1, 7),
        municipality_lease=None,
        municipality_move=None,
    )


def test_a_late_link_is_not_charged_to_the_municipality() -> None:
    linked_on = PERMIT + timedelta(days=60)
    due = case_due_dates(PERMIT, NORMS, linked_on)
    assert due.municipality_lease == linked_on + timedelta(days=70)
    assert due.municipality_move == linked_on + timedelta(days=84)
    assert due.move == PERMIT + timedelta(days=98)


def test_a_link_in_time_gives_the_municipality_the_same_dates_as_the_case() -> None:
    due = case_due_dates(PERMIT, NORMS, PERMIT + timedelta(days=14))
    assert (due.municipality_lease, due.municipality_move) == (due.lease, due.move)


@pytest.mark.parametrize(
    ("stops", "days"),
    [
        ([suspend(20, 30)], 94),
        ([suspend(20, 30), suspend(40, 45)], 99),
        ([suspend(20, 30), suspend(25, 35)], 99),
        ([suspend(20, 40), suspend(25, 30)], 104),
        ([suspend(84, 90)], 90),
        ([suspend(85, 90)], 84),
        ([suspend(80, 90), suspend(93, 100)], 101),
        ([suspend(20, 20)], 84),
    ],
    ids=["one", "two", "overlapping", "nested", "last day", "too late", "in added time", "no day"],
)
def test_the_days_suspended_within_a_term_are_added(stops: list[Suspension], days: int) -> None:
    assert lease_in_days(*stops) == days
    assert lease_in_days(*reversed(stops)) == days


def test_a_suspension_before_the_link_does_not_lengthen_the_municipality_s_term() -> None:
    linked_on = PERMIT + timedelta(days=30)
    due = case_due_dates(PERMIT, NORMS, linked_on, [suspend(10, 40)])
    assert due.municipality_lease == linked_on + timedelta(days=70 + 10)


def test_a_suspension_stops_the_running_term_and_the_later_ones() -> None:
    early = suspend(5, 9, suspended_terms(CaseState.SCREENED))
    late = suspend(5, 9, suspended_terms(CaseState.LINKED))
    plain = case_due_dates(PERMIT, NORMS)
    four_days = timedelta(days=4)
    assert case_due_dates(PERMIT, NORMS, suspensions=[early]).link == plain.link + four_days
    assert case_due_dates(PERMIT, NORMS, suspensions=[early]).move == plain.move + four_days
    assert case_due_dates(PERMIT, NORMS, suspensions=[late]).link == plain.link
    assert case_due_dates(PERMIT, NORMS, suspensions=[late]).move == plain.move + four_days


@pytest.mark.parametrize("state", [CaseState.HOUSED, CaseState.CLOSED, CaseState.ENDED])
def test_nothing_is_suspended_once_nobody_waits(state: CaseState) -> None:
    assert suspended_terms(state) == frozenset()


def test_a_suspension_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it"):
        suspend(10, 9)


def test_a_case_goes_by_its_earliest_permit() -> None:
    assert case_permit_date([date(2017, 1, 2), PERMIT, date(2016, 12, 1)]) == PERMIT
    with pytest.raises(ValueError, match="empty"):
        case_permit_date([])


@pytest.mark.parametrize(
    ("days_after_permit", "realised", "in_reception", "delayed"),
    [
        (98, False, True, False),
        (99, False, True, True),
        (99, True, True, False),
        (99, False, False, False),
        (99, True, False, False),
        (0, False, True, False),
    ],
)
def test_delayed_is_past_98_days_not_realised_and_in_reception(
    days_after_permit: int, *, realised: bool, in_reception: bool, delayed: bool
) -> None:
    today = PERMIT + timedelta(days=days_after_permit)
    outcome = is_delayed(today, PERMIT, NORMS, realised=realised, in_reception=in_reception)
    assert outcome is delayed


def test_days_left_are_0_on_the_last_day() -> None:
    assert days_left(date(2017, 2, 1), date(2017, 2, 1)) == 0
    assert days_left(date(2017, 2, 1), date(2017, 2, 4)) == 3
    assert days_left(date(2017, 2, 4), date(2017, 2, 1)) == -3


@given(permits, st.lists(suspensions(), max_size=5))
def test_the_terms_keep_their_order(permit: date, stops: list[Suspension]) -> None:
    due = case_due_dates(permit, NORMS, suspensions=stops)
    assert permit == due.screening <= due.link < due.lease < due.move


@given(st.lists(suspensions(HOUSING), max_size=5))
def test_a_term_grows_by_at_most_the_days_suspended(stops: list[Suspension]) -> None:
    assert 84 <= lease_in_days(*stops) <= 84 + suspended_days(stops)


@given(st.lists(suspensions(HOUSING), max_size=5), suspensions(HOUSING))
def test_another_suspension_never_shortens_a_term(
    stops: list[Suspension], another: Suspension
) -> None:
    assert lease_in_days(*stops) <= lease_in_days(*stops, another)


@given(st.lists(suspensions(HOUSING), max_size=5))
def test_the_days_left_at_resumption_are_those_left_at_the_stop(stops: list[Suspension]) -> None:
    """The definition, day by day: the term ends when its days have run outside suspensions."""
    stopped = {
        stop.starts_on + timedelta(days=n)
        for stop in stops
        for n in range((stop.ends_on - stop.starts_on).days)
    }
    day, still_to_run = PERMIT, 84
    while still_to_run or day in stopped:
        still_to_run -= day not in stopped
        day += timedelta(days=1)
    assert lease_in_days(*stops) == (day - PERMIT).days


@given(st.lists(suspensions(), max_size=6))
def test_a_day_in_two_suspensions_counts_once(stops: list[Suspension]) -> None:
    each_day = {
        stop.starts_on + timedelta(days=n)
        for stop in stops
        for n in range((stop.ends_on - stop.starts_on).days)
    }
    assert suspended_days(stops) == len(each_day)
