"""What the ledger holds for two dates, from the rollups: the five sums behind every standing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from workflows.quota.period import HalfYear

_ZONE = ZoneInfo("Europe/Amsterdam")


class Figures(NamedTuple):
    """The sums A, B, C, E and G of the official table, in persons."""

    opening_previous: int = 0
    quota_previous: int = 0
    realised_previous: int = 0
    quota: int = 0
    realised: int = 0

    def plus(self, other: Self) -> "Figures":
        """Return the sums of both."""
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Ledger(NamedTuple):
    """What a municipality has of a ledger: all of it, or after a split a part of its sums."""

    code: str
    figures: Figures
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked for a municipality, in which ledgers, and where it lies.

    `in_force`: whether it existed on the last day that counts.
    """

    code: str
    name: str
    province: str
    region: int
    in_force: bool
    ledgers: tuple[Ledger, ...]

    @property
    def figures(self) -> Figures:
        """The sums over its ledgers."""
        if len(self.ledgers) == 1:
            return self.ledgers[0].figures
        sums = Figures()
        for ledger in self.ledgers:
            sums = sums.plus(ledger.figures)
        return sums

    def with_ledgers(self, ledgers: tuple[Ledger, ...]) -> "Booked":
        """Return the same municipality with other ledgers."""
        return replace(self, ledgers=ledgers)

    def before_its_change(self) -> "Booked":
        """Return it as it stood before the merger that began or ended it was known."""
        return replace(self, in_force=not self.in_force)


# Lines other than transfers are booked within their half-year (a CHECK), so that those of earlier
# half-years count as a whole; the rest counts by whole months and then by days.
_LONG_AGO = """
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'half_year' AND half_year < least(:previous, :last_half_year)
       AND kind IN ('opening', 'quota', 'realised')
"""
_BOOKED = """
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'half_year' AND half_year >= :previous AND half_year < :last_half_year
       AND kind IN ('opening', 'quota', 'realised')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'month' AND half_year = :last_half_year AND starts_on < :month
       AND kind IN ('opening', 'quota', 'realised')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'day' AND half_year = :last_half_year AND starts_on >= :month
       AND starts_on < :until AND kind IN ('opening', 'quota', 'realised')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'month' AND starts_on < :month AND half_year <= :half_year
       AND kind IN ('transfer_in', 'transfer_out')
    UNION ALL
    SELECT municipality_code, half_year, kind, persons FROM quota_rollup
     WHERE grain = 'day' AND starts_on >= :month AND starts_on < :until
       AND half_year <= :half_year AND kind IN ('transfer_in', 'transfer_out')
"""

# The rollups count what was booked before the valid and the known day. Of those lines, the ones
# recorded after the known instant were recorded late, while the known day went by: an index of
# ranges finds them. Of lines booked from the known day on, the ones that were known by then were
# booked on that day or recorded ahead, as quotas are.
_KNOWN = """
    UNION ALL
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

# The opening of the first half-year of use is carried over into it, so it is part of A even
# when that half-year is the present one: A + B - C = D always holds.
_FIGURES = """
    WITH long_ago AS (
        SELECT municipality_code,
               sum(CASE WHEN kind = 'realised' THEN -persons ELSE persons END) AS persons
          FROM ({long_ago}) line GROUP BY 1
    ), line AS ({lines}), figure AS (
        SELECT municipality_code,
               sum(CASE WHEN kind = 'realised' THEN -persons ELSE persons END) FILTER (
                   WHERE kind = 'opening' OR half_year < :previous) AS opening_previous,
               sum(persons) FILTER (
                   WHERE half_year = :previous AND kind NOT IN ('opening', 'realised')
               ) AS quota_previous,
               sum(persons) FILTER (
                   WHERE half_year = :previous AND kind = 'realised') AS realised_previous,
               sum(persons) FILTER (
                   WHERE half_year = :half_year AND kind NOT IN ('opening', 'realised')) AS quota,
               sum(persons) FILTER (
                   WHERE half_year = :half_year AND kind = 'realised') AS realised
          FROM line GROUP BY municipality_code
    )
    SELECT m.code, m.name, m.province_code, m.region_number,
           m.valid_from < :valid AND (m.valid_until IS NULL OR m.valid_until >= :valid),
           coalesce(l.persons, 0) + coalesce(f.opening_previous, 0), coalesce(f.quota_previous, 0),
           coalesce(f.realised_previous, 0), coalesce(f.quota, 0), coalesce(f.realised, 0)
      FROM municipality m
      LEFT JOIN figure f ON f.municipality_code = m.code
      LEFT JOIN long_ago l ON l.municipality_code = m.code
     ORDER BY m.code
"""

_NOW_KNOWN = text(_FIGURES.format(long_ago=_LONG_AGO, lines=_BOOKED))
_THEN_KNOWN = text(_FIGURES.format(long_ago=_LONG_AGO, lines=_BOOKED + _KNOWN))

_SMALL = """
    SELECT municipality_code, half_year FROM ({lines}) line WHERE kind = 'realised'
     GROUP BY 1, 2 HAVING sum(persons) < :least
"""


def _parameters(valid: date, known: datetime | None) -> dict[str, object]:
    half_year = HalfYear.of_standing(valid)
    known_on = None if known is None else known.astimezone(_ZONE).date()
    until = valid if known_on is None else min(valid, known_on)
    given: dict[str, object] = {
        "until": until,
        "month": until.replace(day=1),
        "last_half_year": str(HalfYear.of_date(until)),
        "half_year": str(half_year),
        "previous": str(half_year.previous),
        "valid": valid,
    }
    return given if known is None else given | {"known": known, "known_on": known_on}


def sums(connection: Connection, valid: date, known: datetime | None) -> Sequence[Sequence[Any]]:
    """Return the rows behind `booked`: one statement, for which any two dates cost the same."""
    statement = _NOW_KNOWN if known is None else _THEN_KNOWN
    return connection.execute(statement, _parameters(valid, known)).all()


def booked(connection: Connection, valid: date, known: datetime | None) -> Iterator[Booked]:
    """Yield the ledger of every municipality there is or was, in code order.

    `known` None: everything recorded so far.
    """
    for code, name, province, region, in_force, *figures in sums(connection, valid, known):
        ledger = Ledger(code, Figures(*map(int, figures)))
        yield Booked(code, name, province, region, in_force, (ledger,))


def small_groups(
    connection: Connection, valid: date, known: datetime | None, least: int
) -> list[tuple[str, str]]:
    """Return the ledgers and half-years in which fewer than `least` persons are realised."""
    recent = _BOOKED if known is None else _BOOKED + _KNOWN
    lines = f"{_LONG_AGO} UNION ALL {recent}"
    rows = connection.execute(
        text(_SMALL.format(lines=lines)), _parameters(valid, known) | {"least": least}
    )
    return [(code, half_year) for code, half_year in rows]
