"""The groups of realised persons, per municipality and half-year, that are too small to show."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from workflows.quota import spans
from workflows.quota.period import HalfYear

# Of the many groups that count as a whole no more is asked than whether they are small. Only what
# the last half-year has in part, and what was known at another time than booked, is added up, and
# by itself: what is asked of these sums is no way to find their lines.
_SMALL = """
    WITH part (municipality_code, half_year, kind, persons) AS MATERIALIZED ({parts}), moved AS (
        SELECT municipality_code, half_year, sum(persons) AS persons FROM part
         WHERE kind = 'realised' AND half_year BETWEEN :first AND :last GROUP BY 1, 2
    ), whole AS (
        SELECT municipality_code, half_year, persons FROM quota_rollup
         WHERE grain = 'half_year' AND half_year >= :first AND half_year <= :last
           AND half_year < :whole_until AND kind = 'realised'
    )
    SELECT municipality_code, half_year
      FROM whole FULL JOIN moved USING (municipality_code, half_year)
     WHERE coalesce(whole.persons, 0) + coalesce(moved.persons, 0) < :least
"""
_NOW_KNOWN = text(_SMALL.format(parts=spans.PARTS))
_THEN_KNOWN = text(_SMALL.format(parts=f"{spans.PARTS} UNION ALL {spans.KNOWN}"))


@dataclass(frozen=True, slots=True)
class Group:
    """The persons realised for a municipality in a half-year, such as 2017-I."""

    municipality: str
    half_year: str


def small_groups(
    connection: Connection,
    valid: date,
    known: datetime | None,
    among: tuple[HalfYear, HalfYear],
    least: int,
) -> list[Group]:
    """Return the groups with fewer than `least` persons, for the two dates of a standing.

    `among` are the first and the last half-year to look at, neither after that of the standing.
    """
    first, last = among
    asked = spans.asked(valid, known) | {"first": str(first), "last": str(last), "least": least}
    rows = connection.execute(_NOW_KNOWN if known is None else _THEN_KNOWN, asked)
    return [Group(*row) for row in rows]
