"""When work or study is measured: half a year, a year and two years after moving in."""

from datetime import date, timedelta

from workflows.rules.norms import add_months

MEASURED_AFTER = (6, 12, 24)
# A measurement may be a month early; it counts until the next one can begin.
EARLY_MONTHS = 1
A_DAY = timedelta(days=1)


def measured_from(housed_on: date, months: int) -> date:
    """Return the first day on which a measurement may be held."""
    return add_months(housed_on, months - EARLY_MONTHS)


def measured_until(housed_on: date, months: int) -> date | None:
    """Return the last day on which a measurement may be held; None: the last has no end."""
    later = [each for each in MEASURED_AFTER if each > months]
    return measured_from(housed_on, min(later)) - A_DAY if later else None


def months_to_measure(housed_on: date, day: date) -> int | None:
    """Return which measurement can be held on a day; None before the first."""
    begun = [months for months in MEASURED_AFTER if measured_from(housed_on, months) <= day]
    return max(begun, default=None)
