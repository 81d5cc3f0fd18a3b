"""A table to be written to a file, with what it was made from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

Cell = str | int | float | bool | date | datetime | None

BOOKED_ON: Final = "booked_on"
# Raised with each change of what a figure of the official table means.
DEFINITION: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file states of itself: its two dates, the kind of date that counts, its definition.

    `known` is an instant, for a file is a statement about what was known when.
    """

    valid: date
    known: datetime
    date_kind: str = BOOKED_ON
    definition: str = DEFINITION

    def content(self, rows: int) -> dict[str, str | int]:
        """Return the statements by name, with the number of rows."""
        return {
            "valid": self.valid.isoformat(),
            "known": self.known.astimezone(UTC).isoformat(),
            "date_kind": self.date_kind,
            "definition": self.definition,
            "rows": rows,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: `count` rows of as many cells as there are columns, handed over one by one."""

    name: str
    about: About
    columns: Sequence[str]
    count: int
    rows: Iterable[Sequence[Cell]]

    def statements(self) -> dict[str, str | int]:
        """Return what the file states of itself."""
        return self.about.content(self.count)

    def counted(self) -> Iterator[Sequence[Cell]]:
        """Yield the rows; ValueError when they are not as many as the file says."""
        number = 0
        for row in self.rows:
            number += 1
            yield row
        if number != self.count:
            raise ValueError(f"{self.count} rows were announced and {number} came")


def plain(cell: Cell) -> str | int | float | date | None:
    """Return a cell as spreadsheets keep it: instants and yes or no as text."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, datetime) else cell
