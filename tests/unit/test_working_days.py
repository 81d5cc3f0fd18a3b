from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.working_days import add_working_days, count_working_days, is_working_day

days = st.dates(date(2014, 1, 1), date(2030, 12, 31))
terms = st.integers(0, 60)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2017, 4, 14), "Good Friday"),
        (date(2017, 4, 17), "Easter Monday"),
        (date(2017, 4, 27), "King's Day"),
        (date(2017, 5, 25), "Ascension Day"),
        (date(2017, 6, 5), "Whit Monday"),
        (date(2017, 12, 25), "Christmas Day"),
        (date(2017, 12, 26), "second day of Christmas"),
        (date(2018, 1, 1), "New Year's Day"),
        (date(2020, 5, 5), "Liberation Day, once in five years"),
        (date(2017, 2, 4), "a Saturday"),
        (date(2017, 2, 5), "a Sunday"),
    ],
)
def test_nobody_works_on(day: date, name: str) -> None:
    assert not is_working_day(day), name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2017, 2, 1), "a Wednesday"),
        (date(2017, 5, 5), "Liberation Day in other years"),
        (date(2017, 4, 26), "the day before King's Day"),
        (date(2014, 4, 28), "the Monday after a King's Day held on Saturday"),
    ],
)
def test_people_work_on(day: date, name: str) -> None:
    assert is_working_day(day), name


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2017, 2, 1), 0, date(2017, 2, 1)),
        (date(2017, 2, 1), 1, date(2017, 2, 2)),
        (date(2017, 2, 3), 1, date(2017, 2, 6)),
        (date(2017, 2, 4), 1, date(2017, 2, 6)),
        (date(2017, 2, 4), 0, date(2017, 2, 4)),
        (date(2017, 4, 13), 5, date(2017, 4, 24)),
        (date(2016, 12, 23), 5, date(2017, 1, 2)),
    ],
)
def test_a_term_starts_the_day_after(start: date, term: int, end: date) -> None:
    assert add_working_days(start, term) == end


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2017, 2, 1), -1)


def test_a_week_with_a_weekend_holds_five() -> None:
    assert count_working_days(date(2017, 2, 1), date(2017, 2, 8)) == 5
    assert count_working_days(date(2017, 2, 8), date(2017, 2, 1)) == -5


@given(days, terms)
def test_counting_undoes_adding(start: date, term: int) -> None:
    assert count_working_days(start, add_working_days(start, term)) == term


@given(days, st.integers(1, 60))
def test_a_term_ends_on_a_working_day(start: date, term: int) -> None:
    assert is_working_day(add_working_days(start, term))


@given(days, terms, terms)
def test_two_terms_after_each_other_are_one(start: date, first: int, second: int) -> None:
    in_steps = add_working_days(add_working_days(start, first), second)
    assert in_steps == add_working_days(start, first + second)


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_counts_add_up(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    parts = count_working_days(start, middle) + count_working_days(middle, end)
    assert parts == count_working_days(start, end)
