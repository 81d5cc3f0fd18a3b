from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.quota.period import HalfYear, monthly_line

FIRST_OF_2017 = HalfYear(2017, 1)
half_years = st.builds(HalfYear, st.integers(1900, 2200), st.sampled_from((1, 2)))
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_a_half_year_knows_its_days_and_its_neighbours() -> None:
    assert FIRST_OF_2017.starts_on == date(2017, 1, 1)
    assert FIRST_OF_2017.ends_on == date(2017, 6, 30)
    assert FIRST_OF_2017.next.starts_on == date(2017, 7, 1)
    assert FIRST_OF_2017.next.ends_on == date(2017, 12, 31)
    assert str(FIRST_OF_2017.previous) == "2016-II"


def test_both_halves_use_the_population_of_the_year_before() -> None:
    assert FIRST_OF_2017.population_date == date(2016, 1, 1)
    assert FIRST_OF_2017.next.population_date == date(2016, 1, 1)


@pytest.mark.parametrize(
    "text",
    ["", "2017", "2017-III", "2017-i", "2017-1", " 2017-I", "2017-I\n", "217-I", "2017I", "٢٠١٧-I"],
)
def test_anything_else_than_the_written_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2017-I or 2017-II"):
        HalfYear.parse(text)


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
def test_a_year_at_the_end_of_the_calendar_is_refused(year: str) -> None:
    with pytest.raises(ValueError, match="year"):
        HalfYear.parse(f"{year}-I")


@pytest.mark.parametrize("half", [0, 3, -1])
def test_a_year_has_two_halves(half: int) -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        HalfYear(2017, half)


@pytest.mark.parametrize(
    ("reference_date", "half_year"),
    [
        (date(2017, 1, 1), "2016-II"),
        (date(2017, 1, 2), "2017-I"),
        (date(2017, 2, 1), "2017-I"),
        (date(2017, 7, 1), "2017-I"),
        (date(2017, 7, 2), "2017-II"),
    ],
)
def test_a_standing_belongs_to_the_half_year_of_the_day_before(
    reference_date: date, half_year: str
) -> None:
    assert str(HalfYear.of_standing(reference_date)) == half_year


@pytest.mark.parametrize(
    ("reference_date", "months"),
    [
        (date(2017, 1, 1), Fraction(0)),
        (date(2017, 1, 2), Fraction(1, 31)),
        (date(2017, 2, 1), Fraction(1)),
        (date(2017, 2, 15), Fraction(3, 2)),
        (date(2017, 6, 30), 5 + Fraction(29, 30)),
        (date(2017, 7, 1), Fraction(6)),
    ],
)
def test_months_elapsed_at_the_start_of_a_date(reference_date: date, months: Fraction) -> None:
    assert FIRST_OF_2017.months_elapsed(reference_date) == months


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2017, 7, 2), date(2018, 2, 1)])
def test_months_do_not_elapse_outside_the_half_year(day: date) -> None:
    with pytest.raises(ValueError, match="not in the half-year 2017-I"):
        FIRST_OF_2017.months_elapsed(day)


def test_on_1_february_2017_the_country_was_801_persons_ahead_of_the_line() -> None:
    months = FIRST_OF_2017.months_elapsed(date(2017, 2, 1))
    assert round(monthly_line(19_082, months) - 3_981) == -801


@given(half_years)
def test_the_written_form_is_read_back(half_year: HalfYear) -> None:
    assert HalfYear.parse(str(half_year)) == half_year


@given(half_years)
def test_half_years_follow_each_other_without_gap(half_year: HalfYear) -> None:
    assert half_year.ends_on + timedelta(days=1) == half_year.next.starts_on
    assert half_year.next.previous == half_year == half_year.previous.next
    assert half_year.previous < half_year < half_year.next


@given(days)
def test_each_day_lies_in_exactly_one_half_year(day: date) -> None:
    half_year = HalfYear.of_date(day)
    assert half_year.starts_on <= day <= half_year.ends_on
    assert HalfYear.of_standing(day + timedelta(days=1)) == half_year


@given(half_years, half_years)
def test_half_years_order_as_their_days_do(one: HalfYear, other: HalfYear) -> None:
    assert (one < other) == (one.starts_on < other.starts_on)


@given(days)
def test_time_passes_from_0_to_6_months_and_never_back(day: date) -> None:
    half_year = HalfYear.of_date(day)
    now = half_year.months_elapsed(day)
    tomorrow = half_year.months_elapsed(day + timedelta(days=1))
    assert 0 <= now < tomorrow <= 6


@given(half_years, st.integers(-1000, 100_000))
def test_the_line_ends_at_the_corrected_quota(half_year: HalfYear, corrected_quota: int) -> None:
    closing = half_year.months_elapsed(half_year.next.starts_on)
    assert monthly_line(corrected_quota, closing) == corrected_quota
