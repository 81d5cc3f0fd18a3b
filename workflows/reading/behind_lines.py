"""The lines behind a figure as a reader gets them: rows of one case and day, and small groups."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from models.vocabulary import QuotaKind


class Line(NamedTuple):
    """A line of the ledger as it counts in the figure, with what the actor may know of it."""

    entry_id: int
    kind: str
    municipality: str
    half_year: str
    persons: int
    booked_on: date
    recorded_at: datetime
    housed_on: date | None
    case_id: int | None
    case_reference: str | None
    name: str | None
    may_open: bool
    reason: str | None

    def group(self) -> tuple[object, ...]:
        """Return what lines share that are one row: a person of one's own, or a case of others."""
        if self.may_open or self.case_id is None:
            return (self.entry_id,)
        return (self.case_id, self.kind, self.municipality, self.half_year, self.booked_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBehind:
    """A row of the list: persons as they count in the figure.

    `name` and `housed_on` only for who may see the case; otherwise `case_reference` is opaque and
    a row holds all persons of a case on a day. A row of merged small groups has no day, and a
    municipality or half-year only where all of it has the same. `share_of` is the municipality of
    whose sums a split left a part. `cursor` names the row for the next page.
    """

    kind: str | None
    municipality: str | None
    half_year: str | None
    persons: int
    booked_on: date | None = None
    recorded_at: datetime | None = None
    housed_on: date | None = None
    case_reference: str | None = None
    name: str | None = None
    may_open: bool = False
    reason: str | None = None
    merged: int = 0
    share_of: str | None = None
    cursor: str = ""


def rows_of(lines: Iterable[Line], opaque: Callable[[str], str]) -> Iterator[LineBehind]:
    """Yield a row for each line, or for neighbouring lines of a case that one may not open."""
    for _, neighbours in groupby(lines, key=Line.group):
        together = list(neighbours)
        last = together[-1]
        reference = last.case_reference
        yield LineBehind(
            kind=last.kind,
            municipality=last.municipality,
            half_year=last.half_year,
            persons=sum(line.persons for line in together),
            booked_on=last.booked_on,
            recorded_at=last.recorded_at,
            housed_on=last.housed_on,
            case_reference=reference if last.may_open or not reference else opaque(reference),
            name=last.name,
            may_open=last.may_open,
            reason=last.reason,
            cursor=f"{last.booked_on.isoformat()}~{last.entry_id}",
        )


def merged_row(
    persons: int, groups: int, municipality: str | None, half_year: str | None
) -> LineBehind:
    """Return the row of groups that are too small to be shown apart."""
    return LineBehind(
        kind=QuotaKind.REALISED,
        municipality=municipality,
        half_year=half_year,
        persons=persons,
        merged=groups,
    )
