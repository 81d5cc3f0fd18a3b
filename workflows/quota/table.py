"""The official table of the quota (Totaaloverzicht stand taakstelling) for any two dates."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import Connection, select

from models import LabourMarketRegion, Municipality, Province
from workflows.quota.booked import Booked, Figures, Ledger, booked
from workflows.quota.period import MONTHS, HalfYear, monthly_line
from workflows.quota.succession import successions, taken_over, unknown_then

NATION_CODE = "NL"
NATION_NAME = "Nederland"


class Level(StrEnum):
    """Areas for which a standing is given; a region is a labour-market region."""

    NATION = "nation"
    PROVINCE = "province"
    REGION = "region"
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
    def of_municipality(cls, code: str, name: str, figures: Figures) -> Self:
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
ON_THE_LINE = 100


@dataclass(frozen=True, slots=True)
class Lateness:
    """How realisation stands to the monthly line F x n/6 after n months.

    `persons` = line - G: plus is late, minus ahead of the line; `percent` is G in percent of the
    line, None when there is nothing to do (then it is on schedule).
    """

    persons: Fraction
    percent: Fraction | None
    needed_per_month: Fraction

    @property
    def on_schedule(self) -> bool:
        """Whether G reached the line, or there is nothing to do."""
        return self.percent is None or self.percent >= ON_THE_LINE

    def content(self) -> dict[str, Any]:
        """Return the figures for a file, rounded to hundredths."""
        return {
            "late_on_monthly_line": round(float(self.persons), 2),
            "percent_of_monthly_line": (
                None if self.percent is None else round(float(self.percent), 2)
            ),
            "needed_per_month": round(float(self.needed_per_month), 2),
            "on_schedule": self.on_schedule,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The table of two dates at every level, from one reading of the ledger.

    It holds what was booked before `valid` and recorded up to `known` (None: all that is
    recorded), and belongs to the half-year of the day before `valid`.
    """

    valid: date
    known: datetime | None
    municipalities: tuple[Booked, ...]
    provinces: tuple[tuple[str, str], ...]
    regions: tuple[tuple[int, str], ...]

    def at(self, level: Level) -> list[StandingRow]:
        """Return the rows of a level in the order of their codes.

        Municipalities are those in force on the last day and any other with figures.
        """
        if level is Level.MUNICIPALITY:
            return [_row(each) for each in self.municipalities]
        if level is Level.NATION:
            return [nation(map(_row, self.municipalities))]
        areas = self.provinces if level is Level.PROVINCE else self.regions
        return [
            StandingRow.of_area(str(code), name, self.within(level, str(code)))
            for code, name in areas
        ]

    def name_of(self, level: Level, code: str) -> str | None:
        """Return the name of an area of a level; None when it does not exist."""
        if level is Level.NATION:
            return NATION_NAME if code == NATION_CODE else None
        areas = self.provinces if level is Level.PROVINCE else self.regions
        return next((name for each, name in areas if str(each) == code), None)

    def within(self, level: Level, code: str) -> list[StandingRow]:
        """Return the municipal rows of which the row of an area is the sum."""
        return [_row(each) for each in self.municipalities if area_of(each, level) == code]


def area_of(place: Booked, level: Level) -> str:
    """Return the code of the area of a level in which a municipality lies."""
    return {
        Level.NATION: NATION_CODE,
        Level.PROVINCE: place.province,
        Level.REGION: str(place.region),
        Level.MUNICIPALITY: place.code,
    }[level]


def _row(place: Booked) -> StandingRow:
    return StandingRow.of_municipality(place.code, place.name, place.figures)


def read_standing(connection: Connection, valid: date, known: datetime | None = None) -> Standing:
    """Return the standing of two dates at every level."""
    rows = booked(connection, valid, known)
    if known is not None and (changed := unknown_then(connection, valid, known)):
        rows = (each.before_its_change() if each.code in changed else each for each in rows)
    return _placed(
        connection, valid, known, taken_over(rows, successions(connection, valid, known))
    )


def read_places(connection: Connection, valid: date, known: datetime | None = None) -> Standing:
    """Return which ledgers lie in which area, without their sums.

    It holds while no merger counts; then `read_standing` tells whose ledgers are whose.
    """
    columns = (
        Municipality.code,
        Municipality.name,
        Municipality.province_code,
        Municipality.region_number,
    )
    rows = connection.execute(select(*columns).order_by(Municipality.code))
    return _placed(
        connection,
        valid,
        known,
        [Booked(*row, in_force=True, ledgers=(Ledger(row[0], Figures()),)) for row in rows],
    )


def _placed(
    connection: Connection, valid: date, known: datetime | None, rows: Iterable[Booked]
) -> Standing:
    provinces = select(Province.code, Province.name).order_by(Province.code)
    regions = select(LabourMarketRegion.number, LabourMarketRegion.name)
    return Standing(
        valid=valid,
        known=known,
        municipalities=tuple(rows),
        provinces=tuple(connection.execute(provinces)),
        regions=tuple(connection.execute(regions.order_by(LabourMarketRegion.number))),
    )


def standing(
    connection: Connection, valid: date, known: datetime | None, level: Level
) -> list[StandingRow]:
    """Return the rows of one level of `read_standing`."""
    return read_standing(connection, valid, known).at(level)


def nation(rows: Iterable[StandingRow]) -> StandingRow:
    """Return the national row over municipal rows."""
    return StandingRow.of_area(NATION_CODE, NATION_NAME, rows)


def lateness(row: StandingRow, valid: date) -> Lateness:
    """Return how a row stands to the monthly line on a date."""
    line = monthly_line(row.corrected_quota, _months(valid))
    return Lateness(
        persons=line - row.realised,
        percent=Fraction(100 * row.realised) / line if line > 0 else None,
        needed_per_month=Fraction(max(row.corrected_quota, 0), MONTHS),
    )


@lru_cache(maxsize=32)
def _months(valid: date) -> Fraction:
    """Return the months gone by, the same for every row of a table."""
    return HalfYear.of_standing(valid).months_elapsed(valid)


def content(row: StandingRow, valid: date) -> dict[str, Any]:
    """Return a row as files and programs read it: its figures, and its lateness on a date."""
    return asdict(row) | lateness(row, valid).content()


def schedule_class(found: Lateness, minimums: Iterable[tuple[str, int]]) -> str:
    """Return the class code of a row; `minimums` are (code, percent of the line), strictest first.

    Nothing to do is on schedule. LookupError when no class fits.
    """
    for code, minimum in minimums:
        if found.percent is None or found.percent >= minimum:
            return code
    raise LookupError("no schedule class fits: one with 0 percent is missing")
