"""Dutch working days: Monday to Friday without the national holidays.

The holidays are the public ones of the `holidays` library, Good Friday among them (Algemene
termijnenwet art. 3). That law also names 5 May of each year; offices close on it once in five.
These days are for terms of internal tasks, not for terms of that law.
"""

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(country_holidays("NL", years=year))


def is_working_day(day: date) -> bool:
    """Return whether a day is a working day; Liberation Day is off once in five years."""
    return day.weekday() < SATURDAY and day not in _holidays_of(day.year)


def add_working_days(day: date, working_days: int) -> date:
    """Return the last day of a term of working days that starts the day after `day`.

    A term of 0 ends on the day itself; ValueError for a negative term.
    """
    if working_days < 0:
        raise ValueError(f"a term cannot be negative: {working_days} working days")
    while working_days > 0:
        day += _ONE_DAY
        working_days -= is_working_day(day)
    return day


def count_working_days(start: date, end: date) -> int:
    """Return the working days after `start` up to and including `end`, negative when end is first.

    `count_working_days(day, add_working_days(day, n))` is n.
    """
    if end < start:
        return -count_working_days(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
