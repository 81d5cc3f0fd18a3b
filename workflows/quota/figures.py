"""Which ledger lines make up each figure of the official table; as in `booked.py`."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, or_

from models import QuotaEntry
from models.vocabulary import QuotaKind
from workflows.quota.period import FIRST_YEAR, HalfYear

TRANSFERS = (QuotaKind.TRANSFER_IN, QuotaKind.TRANSFER_OUT)
ASSIGNED = (QuotaKind.QUOTA, *TRANSFERS)
COUNTED = (QuotaKind.OPENING, QuotaKind.REALISED, *ASSIGNED)


class Figure(StrEnum):
    """The figures of the table, each a sum of lines; the keys of a standing row."""

    OPENING_PREVIOUS = "opening_previous"
    QUOTA_PREVIOUS = "quota_previous"
    REALISED_PREVIOUS = "realised_previous"
    OPENING = "opening"
    QUOTA = "quota"
    CORRECTED_QUOTA = "corrected_quota"
    REALISED = "realised"
    REMAINING = "remaining"
    BACKLOG = "backlog"
    ADVANCE = "advance"


PERSONS_BEHIND = frozenset({Figure.REALISED, Figure.REALISED_PREVIOUS})


def lines_of(figure: Figure, valid: date) -> ColumnElement[bool]:
    """Return which kinds and half-years make up the figure; as in `quota/booked.py`.

    I and J are the lines of H, of the municipalities that are behind or ahead.
    """
    half_year = HalfYear.of_standing(valid)
    now, before = str(half_year), str(half_year.previous)
    kind, half = QuotaEntry.kind, QuotaEntry.half_year
    carried = and_(kind == QuotaKind.OPENING, half <= now)
    counted = kind.in_(COUNTED)
    remaining = and_(counted, half <= now)
    places: dict[Figure, ColumnElement[bool]] = {
        Figure.OPENING_PREVIOUS: or_(carried, and_(counted, half < before)),
        Figure.QUOTA_PREVIOUS: and_(kind.in_(ASSIGNED), half == before),
        Figure.REALISED_PREVIOUS: and_(kind == QuotaKind.REALISED, half == before),
        Figure.OPENING: or_(carried, and_(counted, half < now)),
        Figure.QUOTA: and_(kind.in_(ASSIGNED), half == now),
        Figure.CORRECTED_QUOTA: or_(
            carried, and_(counted, half < now), and_(kind.in_(ASSIGNED), half == now)
        ),
        Figure.REALISED: and_(kind == QuotaKind.REALISED, half == now),
        Figure.REMAINING: remaining,
        Figure.BACKLOG: remaining,
        Figure.ADVANCE: remaining,
    }
    return places[figure]


def realised_in(figure: Figure, valid: date) -> tuple[HalfYear, HalfYear]:
    """Return the first and the last half-year whose realised persons are in the figure."""
    now, ever = HalfYear.of_standing(valid), HalfYear(FIRST_YEAR, 1)
    if figure is Figure.REALISED:
        return now, now
    if figure is Figure.REALISED_PREVIOUS:
        return now.previous, now.previous
    if figure is Figure.OPENING_PREVIOUS:
        return ever, now.previous.previous
    until_previous = figure in {Figure.OPENING, Figure.CORRECTED_QUOTA}
    return ever, now.previous if until_previous else now


def first_day(figure: Figure, valid: date) -> date | None:
    """Return the day before which no line of the figure is booked, if there is one.

    Transfers are booked on the day of their effect, which may lie outside their half-year.
    """
    half_year = HalfYear.of_standing(valid)
    if figure is Figure.REALISED:
        return half_year.starts_on
    return half_year.previous.starts_on if figure is Figure.REALISED_PREVIOUS else None


def signed(figure: Figure) -> ColumnElement[int]:
    """Return the persons of a line as they count: what is realised lowers every other figure."""
    if figure in PERSONS_BEHIND:
        return QuotaEntry.persons + 0
    return case(
        (QuotaEntry.kind == QuotaKind.REALISED, -QuotaEntry.persons), else_=QuotaEntry.persons
    )
