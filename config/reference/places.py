"""Municipalities, provinces, labour-market regions and reception centres."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from config.reference.tables import Dated, Row, optional_date, read_rows

POPULATION_COLUMN = "population_"


@dataclass(frozen=True, slots=True)
class Province:
    """A province by its CBS code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LabourMarketRegion:
    """A labour-market region by its UWV number, with its place on the map of region tiles."""

    number: int
    name: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants of a municipality on 1 January of a year (CBS)."""

    on_date: date
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality(Dated):
    """A municipality by its CBS code, with its place on the map of municipality tiles."""

    code: str
    name: str
    province: str
    labour_market_region: int
    column: int
    row: int
    populations: tuple[Population, ...]

    def population_on(self, day: date) -> int | None:
        """Return the inhabitants on a 1 January, or None where the table holds no figure."""
        return next((known.persons for known in self.populations if known.on_date == day), None)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The part, in thousandths, of a municipality that a successor took over on a date."""

    successor: str
    predecessor: str
    on_date: date
    share_permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption(Dated):
    """A municipality without quota because of a central reception task."""

    municipality: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoaRegion:
    """A region of the reception agency COA; the division is this project's own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ReceptionCentre:
    """A reception centre with its real place and a synthetic capacity in persons."""

    code: str
    name: str
    municipality: str
    coa_region: str
    synthetic_capacity: int


@cache
def provinces() -> tuple[Province, ...]:
    """Return the 12 provinces by code."""
    return tuple(Province(row["code"], row["name"]) for row in read_rows("provinces"))


@cache
def labour_market_regions() -> tuple[LabourMarketRegion, ...]:
    """Return the 35 labour-market regions by number."""
    return tuple(
        LabourMarketRegion(int(row["number"]), row["name"], int(row["column"]), int(row["row"]))
        for row in read_rows("labour_market_regions")
    )


@cache
def municipalities() -> tuple[Municipality, ...]:
    """Return all municipalities of 2016 and later by code; `in_force` picks those of a day."""
    tiles = {row["municipality"]: row for row in read_rows("municipality_tiles")}
    return tuple(_municipality(row, tiles[row["code"]]) for row in read_rows("municipalities"))


def _municipality(row: Row, tile: Row) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        province=row["province"],
        labour_market_region=int(row["labour_market_region"]),
        column=int(tile["column"]),
        row=int(tile["row"]),
        populations=_populations(row),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=optional_date(row["valid_until"]),
    )


def _populations(row: Row) -> tuple[Population, ...]:
    return tuple(
        Population(date(int(column.removeprefix(POPULATION_COLUMN)), 1, 1), int(persons))
        for column, persons in row.items()
        if column.startswith(POPULATION_COLUMN) and persons
    )


@cache
def predecessors() -> tuple[Predecessor, ...]:
    """Return which municipality took over which part of which other, and when."""
    return tuple(
        Predecessor(
            successor=row["successor"],
            predecessor=row["predecessor"],
            on_date=date.fromisoformat(row["on_date"]),
            share_permille=int(row["share_permille"]),
        )
        for row in read_rows("municipality_predecessors")
    )


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Return the municipalities that are exempt from the quota, with the dates of it."""
    return tuple(
        Exemption(
            municipality=row["municipality"],
            reason=row["reason"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("municipality_exemptions")
    )


@cache
def coa_regions() -> tuple[CoaRegion, ...]:
    """Return the regions of the reception agency."""
    return tuple(CoaRegion(row["code"], row["name"]) for row in read_rows("coa_regions"))


@cache
def reception_centres() -> tuple[ReceptionCentre, ...]:
    """Return the reception centres, region by region."""
    return tuple(
        ReceptionCentre(
            code=row["code"],
            name=row["name"],
            municipality=row["municipality"],
            coa_region=row["coa_region"],
            synthetic_capacity=int(row["synthetic_capacity"]),
        )
        for row in read_rows("reception_centres")
    )
