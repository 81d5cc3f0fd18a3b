"""The rows of the official table as the page shows them: placed, filtered, sorted, by page."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config import reference
from webapp.standing.question import LATENESS, SHOWN, Question
from workflows.quota.table import Lateness, Level, StandingRow, lateness, schedule_class
from workflows.reading.areas import Area, Atlas, Place

PAGE = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of an area with how it stands to the monthly line."""

    area: Area
    row: StandingRow
    lateness: Lateness
    schedule: str

    @property
    def late(self) -> int:
        """Persons behind the monthly line, ahead of it with a minus, in whole persons."""
        return round(self.lateness.persons)


@dataclass(frozen=True, slots=True)
class Page:
    """What the table shows of all rows that were asked for."""

    rows: Sequence[Placed]
    found: int
    number: int
    pages: int


@dataclass(frozen=True)
class Table:
    """The standing of an area, of its parts at the level asked for, and of its municipalities.

    `regions` are those of the country, for its map.
    """

    whole: Placed
    parts: tuple[Placed, ...]
    municipalities: tuple[Placed, ...]
    regions: tuple[Placed, ...]

    def counts(self, classes: Iterable[str]) -> dict[str, int]:
        """Return how many municipalities stand in each class."""
        return {
            code: sum(each.schedule == code for each in self.municipalities) for code in classes
        }


def read_table(rows: Iterable[StandingRow], question: Question, atlas: Atlas) -> Table:
    """Return the table of a question out of the rows of all municipalities."""
    classes = reference.in_force(reference.schedule_classes(), question.dates.last_day)
    minimums = [(each.code, each.minimum_percent) for each in classes]

    def placed(area: Area, row: StandingRow) -> Placed:
        late = lateness(row, question.dates.valid)
        return Placed(area, row, late, schedule_class(late, minimums))

    def summed(level: Level) -> tuple[Placed, ...]:
        grouped = _grouped(inside, level, atlas)
        return tuple(
            placed(area, StandingRow.of_area(area.code, area.name, grouped.get(area.code, ())))
            for area in atlas.parts(level)
        )

    inside = [row for row in rows if atlas.place_of[row.code].lies_in(question.area)]
    area = question.area
    municipalities = tuple(placed(atlas.by_code[row.code], row) for row in inside)
    regions = summed(Level.REGION) if area.level is Level.NATION else ()
    parts = {Level.MUNICIPALITY: municipalities, Level.REGION: regions}.get(question.level)
    return Table(
        placed(area, StandingRow.of_area(area.code, area.name, inside)),
        summed(question.level) if parts is None else parts,
        municipalities,
        regions,
    )


def _grouped(
    rows: Iterable[StandingRow], level: Level, atlas: Atlas
) -> Mapping[str, list[StandingRow]]:
    found: dict[str, list[StandingRow]] = {}
    for row in rows:
        place = atlas.place_of[row.code]
        code = place.province if level is Level.PROVINCE else place.region
        found.setdefault(code, []).append(row)
    return found


def asked(table: Table, question: Question) -> list[Placed]:
    """Return the parts that a question asks for, in its order."""
    figure, search = SHOWN[question.shown], plain(question.search)
    found = [
        each
        for each in table.parts
        if (figure is None or getattr(each.row, figure) != 0)
        and (not question.schedule or each.schedule == question.schedule)
        and (not search or search in plain(each.row.name) or search == each.row.code.lower())
    ]
    return sorted(found, key=lambda each: _key(each, question.sort), reverse=question.descending)


def is_gone(table: Table, question: Question) -> bool:
    """Tell whether a municipality has no row: it went up in another, or was not there yet."""
    return question.area.level is Level.MUNICIPALITY and not table.municipalities


def ended_places(question: Question, atlas: Atlas) -> list[Place]:
    """Return what a search finds among the municipalities that do not exist on the last day."""
    search = plain(question.search)
    if not search:
        return []
    return [
        each
        for each in atlas.places
        if not each.exists(question.dates.last_day)
        and each.lies_in(question.area)
        and (search in plain(each.name) or search == each.code.lower())
    ]


def paged(rows: Sequence[Placed], question: Question) -> Page:
    """Return the page of the rows that a question asks for; the last one when there are fewer."""
    pages = max(-(-len(rows) // PAGE), 1)
    number = min(question.page, pages)
    return Page(rows[(number - 1) * PAGE : number * PAGE], len(rows), number, pages)


def plain(name: str) -> str:
    """Return a name as it is searched for: without accents, capitals and what stands before it."""
    letters = unicodedata.normalize("NFKD", name)
    bare = "".join(each for each in letters if not unicodedata.combining(each)).lower()
    return bare.replace("’", "'").removeprefix("'s-").strip()


def _key(placed: Placed, sort: str) -> tuple[object, ...]:
    name = plain(placed.row.name)
    if sort == "name":
        return (name,)
    value = placed.lateness.persons if sort == LATENESS else getattr(placed.row, sort)
    return (value, name)
