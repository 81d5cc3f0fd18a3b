from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import reference
from workflows.rules.norms import NormCode, add_months, due_date, norm_on

START = date(2017, 2, 1)
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@dataclass(frozen=True)
class Version:
    code: str
    amount: int
    valid_from: date = date(2000, 1, 1)
    valid_until: date | None = None


VERSIONS = (
    Version(NormCode.LINK, 28, valid_until=date(2016, 1, 1)),
    Version(NormCode.LINK, 14, valid_from=date(2016, 1, 1)),
    Version(NormCode.TAKE_UP, 5),
    Version(NormCode.OUTCOME_ACCESS, 24),
    Version(NormCode.PLACEMENT_COUNTS_FROM, 15),
)


def test_the_version_of_the_day_holds() -> None:
    assert norm_on(VERSIONS, NormCode.LINK, date(2015, 12, 31)).amount == 28
    assert norm_on(VERSIONS, NormCode.LINK, date(2016, 1, 1)).amount == 14


@pytest.mark.parametrize(
    ("code", "day"),
    [(NormCode.LINK, date(1999, 12, 31)), (NormCode.MOVE, START)],
)
def test_without_a_version_there_is_no_norm(code: NormCode, day: date) -> None:
    with pytest.raises(LookupError, match=code):
        norm_on(VERSIONS, code, day)


@pytest.mark.parametrize(
    ("code", "due"),
    [
        (NormCode.LINK, date(2017, 2, 15)),
        (NormCode.TAKE_UP, date(2017, 2, 8)),
        (NormCode.OUTCOME_ACCESS, date(2019, 2, 1)),
    ],
)
def test_a_term_runs_in_the_unit_of_its_code(code: NormCode, due: date) -> None:
    assert due_date(VERSIONS, code, START) == due


def test_an_age_is_not_a_term() -> None:
    with pytest.raises(ValueError, match="not a term"):
        due_date(VERSIONS, NormCode.PLACEMENT_COUNTS_FROM, START)


def test_each_norm_of_the_program_has_one_version_today_and_no_other_stands_in_the_table() -> None:
    in_force = reference.in_force(reference.norms(), START)
    assert sorted(norm.code for norm in in_force) == sorted(NormCode)


@pytest.mark.parametrize(
    ("code", "amount"),
    [
        (NormCode.SCREENING, 0),
        (NormCode.LINK, 14),
        (NormCode.LEASE, 84),
        (NormCode.MOVE, 98),
        (NormCode.MUNICIPALITY_LEASE, 70),
        (NormCode.MUNICIPALITY_MOVE, 84),
    ],
)
def test_the_norms_of_2017(code: NormCode, amount: int) -> None:
    assert norm_on(reference.norms(), code, START).amount == amount


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2017, 8, 31), -6, date(2017, 2, 28)),
        (date(2017, 1, 15), -1, date(2016, 12, 15)),
        (date(2017, 12, 1), 24, date(2019, 12, 1)),
        (date(2017, 3, 5), 0, date(2017, 3, 5)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(days, st.integers(-500, 500))
def test_adding_months_lands_in_the_right_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
