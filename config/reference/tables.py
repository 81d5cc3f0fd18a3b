"""Reading of the reference tables that stand beside this module as CSV files."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TypeVar

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A fact that holds from `valid_from` until before `valid_until` (None: without end)."""

    valid_from: date
    valid_until: date | None

    def in_force(self, day: date) -> bool:
        """Return whether the fact holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


DatedFact = TypeVar("DatedFact", bound=Dated)


def in_force(facts: Iterable[DatedFact], day: date) -> tuple[DatedFact, ...]:
    """Return the facts that hold on a day, in their given order."""
    return tuple(fact for fact in facts if fact.in_force(day))


def read_rows(table: str) -> tuple[Row, ...]:
    """Return the rows of a table by its name without `.csv`; FileNotFoundError if there is none."""
    file = resources.files("config.reference").joinpath(f"{table}.csv")
    with file.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines, strict=True))


def optional_date(text: str) -> date | None:
    """Return an ISO date, or None for an empty cell; ValueError for anything else."""
    return date.fromisoformat(text) if text else None


def optional_number(text: str) -> int | None:
    """Return a whole number, or None for an empty cell; ValueError for anything else."""
    return int(text) if text else None


def yes_or_no(text: str) -> bool:
    """Return the truth of a cell that says yes or no; KeyError for anything else."""
    return {"yes": True, "no": False}[text]
