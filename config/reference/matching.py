"""Where specialist care is to be had, and the first weights of the score."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from config.reference.tables import Dated, optional_date, read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialistCare(Dated):
    """A kind of hospital that stands in a municipality."""

    municipality: str
    kind: str
    source: str


@cache
def specialist_care() -> tuple[SpecialistCare, ...]:
    """Return the places of specialist care."""
    return tuple(
        SpecialistCare(
            municipality=row["municipality"],
            kind=row["kind"],
            source=row["source"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("specialist_care")
    )


@cache
def score_weights() -> dict[str, int]:
    """Return the weight of each term of the score, in percent of the whole."""
    return {row["term"]: int(row["weight"]) for row in read_rows("score_weights")}
