"""The working days on which the people of the demo act, as ordinals of `date`."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from webapp.demo.chains import Leg
from webapp.demo.figures import TODAY
from workflows.rules.working_days import is_working_day

FIRST_DAY = date(2016, 1, 4)
QUOTA_ANNOUNCED = date(2016, 3, 31)
# From this day on, a link is due to move in the half-year whose quota is known by then.
FIRST_LINK = date(2016, 4, 11)
SECOND_QUOTA_ANNOUNCED = date(2016, 9, 30)
LAST_DAY = TODAY - timedelta(days=1)
WEEK, WORKING_WEEK = 7, 5

_DAYS = [
    day.toordinal()
    for day in (FIRST_DAY + timedelta(days=n) for n in range((TODAY - FIRST_DAY).days))
    if is_working_day(day)
]


def working_days(first: date, last: date) -> list[int]:
    """Return the working days from one day to another, both included."""
    return [day for day in _DAYS if first.toordinal() <= day <= last.toordinal()]


def at(day: int, fraction: float) -> float:
    """Return the moment of a part of a working day, on a clock that has no weekends.

    Seven days of the plan's time are the five working days of a week, so that what is planned for
    a weekend does not all fall on one Friday.
    """
    monday = _monday(day)
    return monday + (day - monday + fraction) * WEEK / WORKING_WEEK


def snapped(moment: float) -> int:
    """Return the working day of a moment, or the last before it; the first for all earlier."""
    monday = _monday(int(moment))
    return working_day(monday + int((moment - monday) * WORKING_WEEK / WEEK))


def working_day(day: int) -> int:
    """Return the day itself or the last working day before it."""
    return _DAYS[max(bisect_right(_DAYS, day) - 1, 0)]


def _monday(day: int) -> int:
    return (day - 1) // WEEK * WEEK + 1


END = at(LAST_DAY.toordinal(), 0.95)


def place(legs: Sequence[Leg], start: float, end: float) -> list[float]:
    """Spread legs from start to end in proportion to their gaps; the first stands at the start."""
    total = sum(leg.gap for leg in legs[1:]) or 1.0
    factor = (end - start) / total
    moments, at = [start], start
    for leg in legs[1:]:
        at += leg.gap * factor
        moments.append(at)
    return moments


def keep_links_late(legs: Sequence[Leg], moments: list[float], jitter: float) -> list[float]:
    """Move a first link that lies before the quota was known, and press together what follows."""
    link = next((n for n, leg in enumerate(legs) if leg.step == "link"), None)
    earliest = FIRST_LINK.toordinal() + jitter
    if link is None or moments[link] >= earliest:
        return moments
    end = moments[-1]
    earliest = min(earliest, max(FIRST_LINK.toordinal() + 0.5, end - 30))
    factor = (end - earliest) / max(end - moments[link], 0.1)
    late = [end - (end - moment) * factor for moment in moments[link:]]
    return [*moments[:link], *late]
