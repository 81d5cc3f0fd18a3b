"""Rows of a file with history, as `municipality_code,half_year,kind,persons,booked_on`.

Each value is read strictly, so that what enters the ledger is what the file says.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.vocabulary import QuotaKind
from workflows.errors import Refused
from workflows.quota.period import HalfYear

COLUMNS = ("municipality_code", "half_year", "kind", "persons", "booked_on")
KINDS = (
    QuotaKind.OPENING,
    QuotaKind.QUOTA,
    QuotaKind.TRANSFER_IN,
    QuotaKind.TRANSFER_OUT,
    QuotaKind.REALISED,
)
_TRANSFERS = (QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT)
# A plus sign, spaces, decimals and digits of other scripts are no whole number in a file.
_WHOLE = re.compile(r"-?[0-9]{1,6}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value: its row in the file (the head is row 1), its column, words."""

    row: int
    column: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A line of before the program."""

    row: int
    municipality_code: str
    half_year: HalfYear
    kind: QuotaKind
    persons: int
    booked_on: date


class HistoryReader:
    """Reads rows against the municipalities there are and the business day."""

    def __init__(self, municipalities: Collection[str], today: date) -> None:
        self._municipalities, self._today = municipalities, today
        self._readers: dict[str, Callable[[str], Any]] = {
            "municipality_code": self._municipality,
            "half_year": self._half_year,
            "kind": _kind,
            "persons": _persons,
            "booked_on": self._booked_on,
        }

    def read(self, row: int, cells: Sequence[str]) -> tuple[HistoryRow | None, list[Problem]]:
        """Return the line of a row, or None and a problem for each value that is wrong."""
        if len(cells) != len(COLUMNS):
            refusal = Refused(
                "columns",
                "Deze rij heeft {value} waarden; het moeten er 5 zijn.",
                values={"value": len(cells)},
            )
            return None, [Problem(row, COLUMNS[0], refusal)]
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        for column, cell in zip(COLUMNS, cells, strict=True):
            try:
                values[column] = self._readers[column](cell)
            except Refused as refusal:
                problems.append(Problem(row, column, refusal))
        problems += [Problem(row, column, refusal) for column, refusal in _disagreements(values)]
        return (None if problems else HistoryRow(row=row, **values)), problems

    def _municipality(self, cell: str) -> str:
        if cell not in self._municipalities:
            raise Refused(
                "municipality", "Deze gemeente bestaat niet: {value}.", values=_shown(cell)
            )
        return cell

    def _half_year(self, cell: str) -> HalfYear:
        try:
            half_year = HalfYear.parse(cell)
        except ValueError as error:
            raise Refused(
                "half_year",
                "Dit halfjaar bestaat niet: {value}. Schrijf het als 2016-II.",
                values=_shown(cell),
            ) from error
        if half_year > HalfYear.of_date(self._today):
            raise Refused(
                "half_year_ahead",
                "Dit halfjaar is nog niet begonnen: {value}.",
                values=_shown(cell),
            )
        return half_year

    def _booked_on(self, cell: str) -> date:
        try:
            day = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
        except ValueError:
            day = None
        if day is None:
            raise Refused(
                "booked_on",
                "Dit is geen datum: {value}. Schrijf hem als 2016-12-31.",
                values=_shown(cell),
            )
        if day > self._today:
            raise Refused(
                "booked_ahead", "Deze dag is nog niet geweest: {value}.", values=_shown(cell)
            )
        return day


def _kind(cell: str) -> QuotaKind:
    if cell not in KINDS:
        raise Refused(
            "kind",
            "Deze soort bestaat niet: {value}. Kies uit opening, quota, transfer_in, transfer_out "
            "en realised.",
            values=_shown(cell),
        )
    return QuotaKind(cell)


def _persons(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise Refused("persons", "Dit is geen heel aantal personen: {value}.", values=_shown(cell))
    return int(cell)


def _disagreements(values: Mapping[str, Any]) -> Iterator[tuple[str, Refused]]:
    """Yield where values that are right by themselves do not go together."""
    kind, persons = values.get("kind"), values.get("persons")
    if kind is not None and persons is not None and not _fits(kind, persons):
        yield (
            "persons",
            Refused(
                "sign",
                "Dit aantal past niet bij deze soort: {value}. Alleen transfer_out is kleiner "
                "dan 0.",
                values={"value": persons},
            ),
        )
    half_year, day = values.get("half_year"), values.get("booked_on")
    if kind is None or half_year is None or day is None or kind in _TRANSFERS:
        return
    if not half_year.starts_on <= day <= half_year.ends_on:
        yield (
            "booked_on",
            Refused(
                "other_half_year",
                "Deze dag ligt niet in het halfjaar: {value}.",
                values={"value": day.isoformat()},
            ),
        )


def _fits(kind: QuotaKind, persons: int) -> bool:
    if kind in {QuotaKind.OPENING, QuotaKind.QUOTA}:
        # An advance is an opening below 0, and a revision may lower a quota.
        return True
    return persons < 0 if kind is QuotaKind.TRANSFER_OUT else persons > 0


def _shown(cell: str) -> dict[str, object]:
    """Return a wrong value as a message shows it, not all of a long one."""
    return {"value": cell[:_SHOWN]}
