"""Half-years, the periods of the quota (Huisvestingswet 2014 art. 29)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Self

MONTHS = 6
FIRST_YEAR = 2
LAST_YEAR = 9998
_HALVES = {"I": 1, "II": 2}
_WRITTEN = re.compile(r"(?P<year>[0-9]{4})-(?P<half>I{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """The half of a calendar year in which a quota holds; `half` is 1 or 2, else ValueError."""

    year: int
    half: int

    def __post_init__(self) -> None:
        """Refuse a half or a year that does not exist."""
        if self.half not in _HALVES.values():
            raise ValueError(f"the half of a year is 1 or 2, not {self.half}")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"the year of a half-year is from {FIRST_YEAR} to {LAST_YEAR}")

    def __str__(self) -> str:
        """Return the written form, such as 2017-I."""
        return f"{self.year:04}-{'I' * self.half}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the half-year written as 2017-I or 2017-II; ValueError for anything else."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"a half-year is written as 2017-I or 2017-II, not {text!r}")
        return cls(int(written["year"]), _HALVES[written["half"]])

    @classmethod
    def of_date(cls, day: date) -> Self:
        """Return the half-year that contains a day."""
        return cls(day.year, 1 if day.month <= MONTHS else 2)

    @classmethod
    def of_standing(cls, reference_date: date) -> Self:
        """Return the half-year of a standing, which holds what was booked before its date."""
        return cls.of_date(reference_date - timedelta(days=1))

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return date(self.year, 1 if self.half == 1 else MONTHS + 1, 1)

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        return date(self.year, MONTHS, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def previous(self) -> Self:
        """Return the half-year before; ValueError before the first year of the calendar."""
        cls = type(self)
        return cls(self.year, 1) if self.half == 2 else cls(self.year - 1, 2)  # noqa: PLR2004 - the second half

    @property
    def next(self) -> Self:
        """Return the half-year after; ValueError after the last year of the calendar."""
        cls = type(self)
        return cls(self.year, 2) if self.half == 1 else cls(self.year + 1, 1)

    @property
    def population_date(self) -> date:
        """Return the date of the population that divides the quota: 1 January of the year before.

        Source: Huisvestingswet 2014 art. 29.
        """
        return date(self.year - 1, 1, 1)

    def months_elapsed(self, reference_date: date) -> Fraction:
        """Return the months gone by at the start of a date, from 0 to 6.

        Whole months + (day - 1) / days in the month; ValueError for a date outside the half-year,
        except the day after its end, whose standing closes it.
        """
        if reference_date == self.ends_on + timedelta(days=1):
            return Fraction(MONTHS)
        if not self.starts_on <= reference_date <= self.ends_on:
            raise ValueError(f"{reference_date} is not in the half-year {self}")
        days_in_month = monthrange(reference_date.year, reference_date.month)[1]
        whole_months = reference_date.month - self.starts_on.month
        return whole_months + Fraction(reference_date.day - 1, days_in_month)


def monthly_line(corrected_quota: int, months_elapsed: Fraction) -> Fraction:
    """Return the persons to be housed after some months for a half-year to finish on time."""
    return corrected_quota * months_elapsed / MONTHS
