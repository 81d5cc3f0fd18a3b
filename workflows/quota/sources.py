"""The ledgers whose lines make up a figure of an area."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from models import Municipality
from workflows.errors import NotFound
from workflows.quota.booked import Booked, Ledger
from workflows.quota.figures import Figure
from workflows.quota.table import Level, Standing, StandingRow, area_of


@dataclass(frozen=True, slots=True)
class Sources:
    """Whose lines count: the whole ledgers of codes (None: of everybody), and parts after a split.

    `name` is that of the area.
    """

    name: str
    codes: frozenset[str] | None
    parts: tuple[Ledger, ...] = ()


def sources(
    connection: Connection, found: Standing, figure: Figure, level: Level, code: str
) -> Sources:
    """Return the ledgers of an area; raises `NotFound` for an area that does not exist.

    A municipality that went up in another has its own ledger still. I and J are what is left of
    the municipalities of the area that are behind, or ahead.
    """
    if level is Level.MUNICIPALITY:
        return _municipality(connection, found, figure, code)
    name = found.name_of(level, code)
    if name is None:
        raise NotFound
    inside = [each for each in found.municipalities if area_of(each, level) == code]
    counted = [each for each in inside if _counts(each, figure)]
    if level is Level.NATION and len(counted) == len(inside):
        return Sources(name, None)
    return _of(name, counted)


def _municipality(connection: Connection, found: Standing, figure: Figure, code: str) -> Sources:
    for each in found.municipalities:
        if each.code == code:
            return _of(each.name, [each] if _counts(each, figure) else [])
    name = connection.scalar(select(Municipality.name).where(Municipality.code == code))
    if name is None:
        raise NotFound
    return Sources(name, frozenset({code}))


def _counts(place: Booked, figure: Figure) -> bool:
    row = StandingRow.of_municipality(place.code, place.name, place.figures)
    return figure not in {Figure.BACKLOG, Figure.ADVANCE} or getattr(row, figure) != 0


def _of(name: str, places: list[Booked]) -> Sources:
    ledgers = [ledger for each in places for ledger in each.ledgers]
    return Sources(
        name,
        frozenset(ledger.code for ledger in ledgers if ledger.is_whole),
        tuple(ledger for ledger in ledgers if not ledger.is_whole),
    )


def part_of(ledger: Ledger, figure: Figure) -> int:
    """Return what a part of a ledger adds to a figure; I and J are parts of H."""
    row = StandingRow.of_municipality(ledger.code, "", ledger.figures)
    remaining = figure in {Figure.BACKLOG, Figure.ADVANCE}
    persons: int = getattr(row, Figure.REMAINING if remaining else figure)
    return persons
