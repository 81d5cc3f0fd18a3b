"""What the ledger holds for two dates, from the rollups: the five sums behind every standing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, TextClause, text

from workflows.quota import spans


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


# Long ago is before both the previous half-year and the first that does not count as a whole. It is
# added up from the start of the ledger, or as the balance less all that came after, whichever is
# nearer; transfers, which the balance holds too, are added by the day of their effect.
_LONG_AGO = """
    SELECT municipality_code, CASE WHEN kind = 'realised' THEN -persons ELSE persons END AS persons
      FROM quota_rollup
     WHERE grain = 'half_year' AND half_year < :long_ago_until
       AND kind IN ('realised', 'quota', 'opening') AND (SELECT from_the_start FROM nearer)
    UNION ALL
    SELECT municipality_code, obliged - realised FROM quota_balance
     WHERE NOT (SELECT from_the_start FROM nearer)
    UNION ALL
    SELECT municipality_code, CASE WHEN kind = 'realised' THEN persons ELSE -persons END
      FROM quota_rollup
     WHERE grain = 'half_year' AND half_year >= :long_ago_until
       AND kind IN ('realised', 'quota', 'opening') AND NOT (SELECT from_the_start FROM nearer)
    UNION ALL
    SELECT municipality_code, -persons FROM quota_rollup
     WHERE grain = 'half_year' AND kind IN ('transfer_in', 'transfer_out')
       AND NOT (SELECT from_the_start FROM nearer)
"""
_NEARER = """
    SELECT 2 * left(first, 4)::int + (first LIKE '%-II')::int
           + 2 * left(last, 4)::int + (last LIKE '%-II')::int
           >= 2 * (2 * :long_ago_year + :long_ago_half - 1) AS from_the_start
      FROM (SELECT min(half_year) AS first, max(half_year) AS last
              FROM quota_rollup WHERE grain = 'half_year') ledger
"""

# The opening of the first half-year of use is carried over into it, so it is part of A even
# when that half-year is the present one: A + B - C = D always holds.
_FIGURES = """
    WITH nearer AS ({nearer}), long_ago AS (
        SELECT municipality_code, sum(persons) AS persons FROM ({long_ago}) line GROUP BY 1
    ), line (municipality_code, half_year, kind, persons) AS ({lines}), figure AS (
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


def _statement(*lines: str) -> TextClause:
    return text(
        _FIGURES.format(nearer=_NEARER, long_ago=_LONG_AGO, lines=" UNION ALL ".join(lines))
    )


_NOW_KNOWN = _statement(spans.WHOLE, spans.PARTS, spans.TRANSFERS)
_THEN_KNOWN = _statement(spans.WHOLE, spans.PARTS, spans.TRANSFERS, spans.KNOWN)


def sums(connection: Connection, valid: date, known: datetime | None) -> Sequence[Sequence[Any]]:
    """Return the rows behind `booked`: one statement, for which any two dates cost the same."""
    statement = _NOW_KNOWN if known is None else _THEN_KNOWN
    return connection.execute(statement, spans.asked(valid, known)).all()


def booked(connection: Connection, valid: date, known: datetime | None) -> Iterator[Booked]:
    """Yield the ledger of every municipality there is or was, in code order.

    `known` None: everything recorded so far.
    """
    for code, name, province, region, in_force, *figures in sums(connection, valid, known):
        ledger = Ledger(code, Figures(*map(int, figures)))
        yield Booked(code, name, province, region, in_force, (ledger,))
