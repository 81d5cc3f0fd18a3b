"""The official table of the quota (Totaaloverzicht stand taakstelling) for any two dates."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Self

from sqlalchemy import Connection

from workflows.quota.booked import booked
from workflows.quota.period import MONTHS, HalfYear, monthly_line

NATION_CODE = "NL"
NATION_NAME = "Nederland"


class Level(StrEnum):
    """Areas for which a standing is given."""

    NATION = "nation"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """A row of the official table: persons; plus means behind, minus ahead.

    A `opening_previous`, B `quota_previous`, C `realised_previous`, D = A + B - C `opening`,
    E `quota`, F = D + E `corrected_quota`, G `realised`, H = F - G `remaining`, I `backlog`,
    J `advance`; I + J = H.
    """

    code: str
    name: str
    opening_previous: int
    quota_previous: int
    realised_previous: int
    opening: int
    quota: int
    corrected_quota: int
    realised: int
    remaining: int
    backlog: int
    advance: int

    @classmethod
    def of_municipality(cls, code: str, name: str, figures: tuple[int, int, int, int, int]) -> Self:
        """Return the row of a municipality from its figures A, B, C, E and G."""
        opening_previous, quota_previous, realised_previous, quota, realised = figures
        opening = opening_previous + quota_previous - realised_previous
        remaining = opening + quota - realised
        return cls(
            code=code,
            name=name,
            opening_previous=opening_previous,
            quota_previous=quota_previous,
            realised_previous=realised_previous,
            opening=opening,
            quota=quota,
            corrected_quota=opening + quota,
            realised=realised,
            remaining=remaining,
            backlog=max(remaining, 0),
            advance=min(remaining, 0),
        )

    @classmethod
    def of_area(cls, code: str, name: str, municipalities: Iterable[Self]) -> Self:
        """Return the row of an area: every figure, I and J too, sums its municipalities."""
        rows = list(municipalities)
        return cls(
            code=code,
            name=name,
            **{figure: sum(getattr(row, figure) for row in rows) for figure in FIGURES},
        )


KEYS = tuple(field.name for field in fields(StandingRow))
FIGURES = KEYS[2:]


@dataclass(frozen=True, slots=True)
class Lateness:
    """How realisation stands to the monthly line F x n/6 after n months.

    `persons` = line - G: plus is late, minus ahead of the line; `percent` is G in percent of the
    line, None when there is nothing to do (then it is on schedule).
    """

    persons: Fraction
    percent: Fraction | None
    needed_per_month: Fraction


def standing(
    connection: Connection, valid: date, known: datetime | None, level: Level
) -> list[StandingRow]:
    """Return the table as of a date: lines booked before `valid` and recorded up to `known`.

    It belongs to the half-year of the day before `valid`. `known` None: all that is recorded.
    Municipalities come in code order: those in force on the last day and any other with figures.
    """
    rows = [StandingRow.of_municipality(*found) for found in booked(connection, valid, known)]
    if level is Level.MUNICIPALITY:
        return rows
    return [StandingRow.of_area(NATION_CODE, NATION_NAME, rows)]


def nation(rows: Iterable[StandingRow]) -> StandingRow:
    """Return the national row over municipal rows."""
    return StandingRow.of_area(NATION_CODE, NATION_NAME, rows)


def lateness(row: StandingRow, valid: date) -> Lateness:
    """Return how a row stands to the monthly line on a date."""
    months = HalfYear.of_standing(valid).months_elapsed(valid)
    line = monthly_line(row.corrected_quota, months)
    return Lateness(
        persons=line - row.realised,
        percent=Fraction(100 * row.realised) / line if line > 0 else None,
        needed_per_month=Fraction(max(row.corrected_quota, 0), MONTHS),
    )


def schedule_class(found: Lateness, minimums: Iterable[tuple[str, int]]) -> str:
    """Return the class code of a row; `minimums` are (code, percent of the line), strictest first.

    Nothing to do is on schedule. LookupError when no class fits.
    """
    for code, minimum in minimums:
        if found.percent is None or found.percent >= minimum:
            return code
    raise LookupError("no schedule class fits: one with 0 percent is missing")
