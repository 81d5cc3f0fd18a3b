"""How an area came along: its half-years one by one, and the months of the present one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from models.vocabulary import QuotaKind
from workflows.quota.period import MONTHS, HalfYear, monthly_line
from workflows.quota.succession import WHOLE, Succession

A_DAY = timedelta(days=1)

# As in `booked.py`, but kept apart by half-year and, in the present one, by month.
_COURSE = """
    SELECT half_year, month, kind, {sum} FROM (
        SELECT municipality_code, half_year, NULL::date AS month, kind, persons FROM quota_rollup
         WHERE grain = 'half_year' AND half_year < :half_year
           AND kind IN ('opening', 'quota', 'realised')
        UNION ALL
        SELECT municipality_code, half_year, starts_on, kind, persons FROM quota_rollup
         WHERE grain = 'month' AND half_year = :half_year AND starts_on < :month
           AND kind IN ('opening', 'quota', 'realised')
        UNION ALL
        SELECT municipality_code, half_year, CAST(:month AS date), kind, persons FROM quota_rollup
         WHERE grain = 'day' AND half_year = :half_year
           AND starts_on >= :month AND starts_on < :valid
           AND kind IN ('opening', 'quota', 'realised')
        UNION ALL
        SELECT municipality_code, half_year, NULL::date, kind, persons FROM quota_rollup
         WHERE half_year <= :half_year AND kind IN ('transfer_in', 'transfer_out')
           AND ((grain = 'month' AND starts_on < :month)
                OR (grain = 'day' AND starts_on >= :month AND starts_on < :valid))
        {later}
    ) line {among} GROUP BY half_year, month, kind
"""
_ALL = {"sum": "sum(persons)", "among": ""}
_SOME = {
    "sum": "sum(persons * share) / 1000",
    "among": "JOIN unnest(CAST(:codes AS text[]), CAST(:shares AS int[])) AS counted(code, share)"
    " ON code = municipality_code",
}
_RECORDED_LATER = """
        UNION ALL
        SELECT municipality_code, half_year, date_trunc('month', booked_on)::date, kind, -persons
          FROM quota_entry
         WHERE recorded_at > :known AND booked_on < :valid AND half_year <= :half_year
           AND (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date > booked_on
           AND kind NOT IN ('reserved', 'released')
        UNION ALL
        SELECT municipality_code, half_year, date_trunc('month', booked_on)::date, kind, -persons
          FROM quota_entry
         WHERE recorded_at > :known AND booked_on < :valid AND half_year <= :half_year
           AND (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date <= booked_on
           AND booked_on >= (CAST(:known AS timestamptz) AT TIME ZONE 'Europe/Amsterdam')::date
           AND kind NOT IN ('reserved', 'released')
"""


@dataclass(frozen=True, slots=True)
class HalfYearPoint:
    """A half-year: statutory quota with transfers, corrected quota, realised, in persons."""

    half_year: HalfYear
    quota: int
    corrected_quota: int
    realised: int


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """A month of the half-year up to `until`: what was realised, so far, and the monthly line.

    `realised` and `so_far` are None for a month that is still to come; the line is then that of
    its end.
    """

    starts_on: date
    until: date
    realised: int | None
    so_far: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Course:
    """The half-years with figures, oldest first, and the six months of the last of them."""

    half_years: tuple[HalfYearPoint, ...]
    months: tuple[MonthPoint, ...]


def course(
    connection: Connection,
    valid: date,
    known: datetime | None,
    ledgers: Mapping[str, int] | None,
) -> Course:
    """Return how an area came along, for the two dates of a standing.

    `ledgers` are the municipalities whose ledgers count, each with its share in thousandths
    (mergers and splits); None: all of all.
    """
    present = HalfYear.of_standing(valid)
    parameters: dict[str, Any] = {
        "valid": valid,
        "month": valid.replace(day=1),
        "half_year": str(present),
    }
    among = _ALL
    if ledgers is not None:
        among = _SOME
        parameters |= {"codes": list(ledgers), "shares": list(ledgers.values())}
    if known is not None:
        parameters["known"] = known
    later = "" if known is None else _RECORDED_LATER
    rows = connection.execute(text(_COURSE.format(later=later, **among)), parameters)
    sums: dict[tuple[HalfYear, str], int] = defaultdict(int)
    monthly: dict[date, int] = defaultdict(int)
    for half_year, month, kind, persons in rows:
        half = HalfYear.parse(half_year)
        sums[half, kind] += int(persons)
        if half == present and kind == QuotaKind.REALISED:
            monthly[month] += int(persons)
    half_years = tuple(_half_years(sums, present))
    return Course(half_years, tuple(_months(half_years[-1], monthly, valid)))


def ledger_shares(municipalities: Iterable[str], merged: Iterable[Succession]) -> dict[str, int]:
    """Return the ledgers that make up municipalities, each with its share in thousandths.

    `merged` in order of date: a municipality holds the ledgers that it took over, and no longer
    its own where another took that.
    """
    shares = dict.fromkeys(sorted(municipalities), WHOLE)
    for each in reversed(list(merged)):
        named = sum(share for _, share in each.shares)
        parts = (*each.shares, (each.predecessor, WHOLE - named))
        shares[each.predecessor] = sum(
            share * shares.get(code, 0) // WHOLE for code, share in parts
        )
    return {code: share for code, share in shares.items() if share}


def _half_years(
    sums: dict[tuple[HalfYear, str], int], present: HalfYear
) -> Iterator[HalfYearPoint]:
    """Yield the half-years: an opening is carried over into the one it stands in."""
    first = min((half for half, _kind in sums), default=present)
    carried, half = 0, min(first, present)
    while half <= present:
        opening = sums.get((half, QuotaKind.OPENING), 0)
        quota = _assigned(sums, half)
        realised = sums.get((half, QuotaKind.REALISED), 0)
        corrected = carried + opening + quota
        yield HalfYearPoint(half, quota, corrected, realised)
        carried, half = corrected - realised, half.next


def _assigned(sums: dict[tuple[HalfYear, str], int], half: HalfYear) -> int:
    kinds = (QuotaKind.QUOTA, QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT)
    return sum(sums.get((half, kind), 0) for kind in kinds)


def _months(point: HalfYearPoint, realised: dict[date, int], valid: date) -> Iterator[MonthPoint]:
    so_far = 0
    for start in _starts(point.half_year.starts_on):
        end = _next_month(start)
        until = min(end, valid) if start < valid else end
        line = monthly_line(point.corrected_quota, point.half_year.months_elapsed(until))
        if start >= valid:
            yield MonthPoint(start, until - A_DAY, None, None, round(line))
            continue
        so_far += realised.get(start, 0)
        yield MonthPoint(start, until - A_DAY, realised.get(start, 0), so_far, round(line))


def _starts(first: date) -> Iterable[date]:
    return (first.replace(month=first.month + number) for number in range(MONTHS))


def _next_month(start: date) -> date:
    return (start + timedelta(days=31)).replace(day=1)
