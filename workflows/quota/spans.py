"""Which sums of the rollups and which lines of the ledger make up what two dates ask for.

What was booked up to a day is whole half-years, then whole months, then days. Each remainder is
added up from its nearer side: the half of a month or half-year that is past, or the whole of it
less the half that is still to come, so that no dates make anybody read more than half.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflows.quota.period import MONTHS, HalfYear

_ZONE = ZoneInfo("Europe/Amsterdam")
_A_DAY = timedelta(days=1)

# Lines other than transfers are booked within their half-year (a CHECK), so that they count by
# whole half-years, and in the last one by month and day. Transfers are few and booked on any day.
WHOLE = """
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'half_year' AND half_year >= :previous AND half_year < :whole_until
       AND kind IN ('realised', 'quota', 'opening')
"""
PARTS = """
    SELECT municipality_code, half_year, kind, persons * :months_sign FROM quota_rollup
     WHERE grain = 'month' AND half_year = :last_half_year
       AND starts_on >= :months_from AND starts_on < :months_until
       AND kind IN ('realised', 'quota', 'opening')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons * :days_sign FROM quota_rollup
     WHERE grain = 'day' AND half_year = :last_half_year
       AND starts_on >= :days_from AND starts_on < :days_until
       AND kind IN ('realised', 'quota', 'opening')
"""
TRANSFERS = """
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'month' AND starts_on < :transfers_until AND half_year <= :half_year
       AND kind IN ('transfer_in', 'transfer_out')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons * :days_sign FROM quota_rollup
     WHERE grain = 'day' AND starts_on >= :days_from AND starts_on < :days_until
       AND half_year <= :half_year AND kind IN ('transfer_in', 'transfer_out')
"""

# The rollups count what was booked before the valid and the known day. Of those lines, the ones
# recorded after the known instant were recorded late, while the known day went by: an index of
# ranges finds them. Of lines booked from the known day on, the ones that were known by then were
# booked on that day or recorded ahead, as quotas are.
KNOWN = """
    SELECT municipality_code, half_year, kind, -persons FROM quota_entry
     WHERE recorded_at > :known AND booked_on < :until AND half_year <= :half_year
       AND (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date > booked_on
       AND daterange(least(booked_on, (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date),
                     (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date, '[]') @> :known_on
       AND kind NOT IN ('reserved', 'released')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_entry
     WHERE recorded_at <= :known AND booked_on = :known_on AND booked_on < :valid
       AND half_year <= :half_year AND kind NOT IN ('reserved', 'released')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_entry
     WHERE recorded_at <= :known AND booked_on > :known_on AND booked_on < :valid
       AND (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date < booked_on
       AND half_year <= :half_year AND kind NOT IN ('reserved', 'released')
"""


def asked(valid: date, known: datetime | None) -> dict[str, Any]:
    """Return the parameters of the statements for two dates; `known` None: all that is recorded."""
    half_year = HalfYear.of_standing(valid)
    known_on = None if known is None else known.astimezone(_ZONE).date()
    until = valid if known_on is None else min(valid, known_on)
    whole_until, parts = _spans(until)
    long_ago_until = min(half_year.previous, whole_until)
    given = {
        "until": until,
        "half_year": str(half_year),
        "previous": str(half_year.previous),
        "valid": valid,
        "whole_until": str(whole_until),
        "long_ago_until": str(long_ago_until),
        "long_ago_year": long_ago_until.year,
        "long_ago_half": long_ago_until.half,
        **parts,
    }
    return given if known is None else given | {"known": known, "known_on": known_on}


def _spans(until: date) -> tuple[HalfYear, dict[str, Any]]:
    """Return the first half-year that does not count as a whole, and what is added to the others.

    Together they are all that was booked before a day.
    """
    last = HalfYear.of_date(until)
    month = until.replace(day=1)
    month_ends = month + timedelta(days=monthrange(until.year, until.month)[1])
    days_ahead = (month_ends - until) < (until - month)
    days = (until, month_ends, -1) if days_ahead else (month, until, 1)
    months_end = month_ends if days_ahead else month
    half_year_ends = last.ends_on + _A_DAY
    gone_by = (months_end.month - last.starts_on.month) % (2 * MONTHS)
    months_ahead = gone_by > MONTHS // 2
    first_month = last.starts_on
    months = (months_end, half_year_ends, -1) if months_ahead else (first_month, months_end, 1)
    return last.next if months_ahead else last, {
        "last_half_year": str(last),
        "days_from": days[0],
        "days_until": days[1],
        "days_sign": days[2],
        "months_from": months[0],
        "months_until": months[1],
        "months_sign": months[2],
        "transfers_until": months_end,
    }
