"""The country, its provinces and labour-market regions, and the municipalities in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, select

from models import LabourMarketRegion, Municipality, Province
from workflows.quota.table import NATION_CODE, NATION_NAME, Level


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the country, or all of it, for which the official table gives a row."""

    level: Level
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, the areas that it lies in and its place on the map of tiles."""

    code: str
    name: str
    province: str
    region: str
    column: int
    row: int
    valid_from: date
    valid_until: date | None

    def exists(self, day: date) -> bool:
        """Tell whether the municipality exists on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def lies_in(self, area: Area) -> bool:
        """Tell whether the municipality is the area or a part of it."""
        return area.code in {NATION_CODE, self.province, self.region, self.code}


NATION = Area(Level.NATION, NATION_CODE, NATION_NAME)


@dataclass(frozen=True)
class Atlas:
    """All areas by code."""

    provinces: tuple[Area, ...]
    regions: tuple[Area, ...]
    places: tuple[Place, ...]

    @cached_property
    def by_code(self) -> dict[str, Area]:
        """Every area, the municipalities too."""
        municipalities = [Area(Level.MUNICIPALITY, each.code, each.name) for each in self.places]
        found = (NATION, *self.provinces, *self.regions, *municipalities)
        return {each.code: each for each in found}

    @cached_property
    def place_of(self) -> dict[str, Place]:
        """Each municipality by its code."""
        return {each.code: each for each in self.places}

    def within(self, area: Area) -> frozenset[str]:
        """Return the codes of the municipalities in an area, past ones too."""
        return frozenset(each.code for each in self.places if each.lies_in(area))

    def parts(self, level: Level) -> Iterable[Area]:
        """Return the areas of a level above the municipalities."""
        return {Level.PROVINCE: self.provinces, Level.REGION: self.regions}.get(level, (NATION,))


def read_atlas(connection: Connection) -> Atlas:
    """Return the areas as they are installed, provinces by code and regions by number."""
    rows = connection.execute(
        select(
            Municipality.code,
            Municipality.name,
            Municipality.province_code,
            Municipality.region_number,
            Municipality.tile_column,
            Municipality.tile_row,
            Municipality.valid_from,
            Municipality.valid_until,
            Province.name,
            LabourMarketRegion.name,
        )
        .join(Province, Province.code == Municipality.province_code)
        .join(LabourMarketRegion, LabourMarketRegion.number == Municipality.region_number)
        .order_by(Municipality.code)
    ).all()
    provinces = {row[2]: Area(Level.PROVINCE, row[2], row[8]) for row in rows}
    regions = {row[3]: Area(Level.REGION, str(row[3]), row[9]) for row in rows}
    return Atlas(
        tuple(provinces[code] for code in sorted(provinces)),
        tuple(regions[number] for number in sorted(regions)),
        tuple(Place(row[0], row[1], row[2], str(row[3]), *row[4:8]) for row in rows),
    )
