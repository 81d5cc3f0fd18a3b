"""The map of tiles: every municipality, and every region, as a square at its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from config import reference
from webapp.marking import N_
from webapp.standing.question import Question
from webapp.standing.rows import Placed
from webapp.standing.words import Grouped, LineWords
from workflows.reading.areas import Atlas

# In the units of the drawing; 24 pixels is the least that a finger needs (WCAG 2.5.8).
TILE = 24
LONGEST_NAME = 11
TILE_WORDS = N_(
    "%(name)s: %(schedule)s. Nog te realiseren: %(remaining)s. Gerealiseerd: %(realised)s van "
    "%(quota)s. %(line)s."
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map: where it stands, its class, what it says and what it opens."""

    x: int
    y: int
    name: str
    schedule: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The tiles with the size of their drawing."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def municipality_map(
    rows: Iterable[Placed], question: Question, atlas: Atlas, classes: Mapping[str, str]
) -> TileMap:
    """Return the map of municipalities; what is no municipality any more has no tile."""
    places = [
        (atlas.place_of[each.row.code], each)
        for each in rows
        if atlas.place_of[each.row.code].exists(question.dates.last_day)
    ]
    return _drawn([(place.column, place.row, each) for place, each in places], question, classes)


def region_map(rows: Iterable[Placed], question: Question, classes: Mapping[str, str]) -> TileMap:
    """Return the map of the labour-market regions, for where 390 tiles would be too small."""
    places = {str(each.number): each for each in reference.labour_market_regions()}
    found = [(places[each.row.code].column, places[each.row.code].row, each) for each in rows]
    return _drawn(found, question, classes)


def _drawn(
    found: list[tuple[int, int, Placed]], question: Question, classes: Mapping[str, str]
) -> TileMap:
    if not found:
        return TileMap(0, 0, ())
    left, top = min(each[0] for each in found), min(each[1] for each in found)
    told, address = Told(classes), question.of_area
    tiles = [
        Tile(
            (column - left) * TILE,
            (row - top) * TILE,
            short(placed.row.name),
            placed.schedule,
            told.words(placed),
            address + placed.area.code,
        )
        for column, row, placed in sorted(found, key=lambda each: (each[1], each[0]))
    ]
    right, bottom = max(each.x for each in tiles), max(each.y for each in tiles)
    return TileMap(right + TILE, bottom + TILE, tuple(tiles))


def short(name: str) -> str:
    """Return a name that fits in a tile with room for it."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip(" -/.") + "…"


class Told:
    """Says tiles in words: each sentence is looked up once, not for every tile."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes, self._number = classes, Grouped()
        self._line = LineWords()
        # Without values, gettext leaves the places as they are.
        self._all: str = gettext(TILE_WORDS)

    def words(self, placed: Placed) -> str:
        """Return the name, the class and the figures of a tile."""
        return self._all % {
            "name": placed.row.name,
            "schedule": self._classes[placed.schedule],
            "remaining": self._number(placed.row.remaining),
            "realised": self._number(placed.row.realised),
            "quota": self._number(placed.row.corrected_quota),
            "line": self._line(placed.lateness.persons),
        }
