"""What the page Taakstelling shows, as tables that state their dates: to be written as files."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from webapp.clock import moment
from webapp.standing.rows import Placed
from webapp.standing_dates import Dates
from workflows.exchange.sheet import About, Cell, Sheet
from workflows.quota.table import content
from workflows.reading.behind import Export
from workflows.reading.behind_lines import LineBehind
from workflows.trail import now

LINE_COLUMNS = (
    "kind",
    "municipality",
    "half_year",
    "persons",
    "booked_on",
    "housed_on",
    "recorded_at",
    "case",
    "reason",
    "merged_groups",
    "share_of",
)


def about(connection: Connection, dates: Dates) -> About:
    """Return what a file says of itself; without a known day, what is known at this instant."""
    present = now(connection, moment())
    return About(valid=dates.valid, known=_until(dates.known, present))


def _until(known: datetime | None, present: datetime) -> datetime:
    return present if known is None else min(known, present)


def table_sheet(rows: Sequence[Placed], statement: About) -> Sheet:
    """Return rows of the official table with their level, lateness and class."""
    cells = [
        {"level": each.area.level.value}
        | content(each.row, statement.valid)
        | {"schedule_class": each.schedule}
        for each in rows
    ]
    return Sheet(
        name="taakstelling",
        about=statement,
        columns=tuple(cells[0]),
        count=len(cells),
        rows=(tuple(each.values()) for each in cells),
    )


def lines_sheet(name: str, export: Export, statement: About) -> Sheet:
    """Return the list behind a figure: references, never names."""
    return Sheet(
        name=name,
        about=statement,
        columns=LINE_COLUMNS,
        count=export.count,
        rows=_line_cells(export.rows),
    )


def _line_cells(lines: Iterable[LineBehind]) -> Iterable[tuple[Cell, ...]]:
    return (
        (
            line.kind,
            line.municipality,
            line.half_year,
            line.persons,
            line.booked_on,
            line.housed_on,
            line.recorded_at,
            line.case_reference,
            line.reason,
            line.merged,
            line.share_of,
        )
        for line in lines
    )
