"""The lists of Aansluiting as tables to be written as files: references, no names or reasons."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from webapp.clock import moment
from workflows.exchange.sheet import BOOKED_ON, About, Sheet
from workflows.reading.reconciliation import Listed, Reconciliation
from workflows.trail import now

HOUSED_ON = "housed_on"
_DATES = ("case", "person", "municipality", "housed_on")
_DISPUTES = ("reference", *_DATES, "booked_on", "raised_at", "settlement", "corrected")
COLUMNS: dict[Listed, tuple[str, ...]] = {
    Listed.NOT_SIGNED_OFF: _DATES,
    Listed.DISPUTED: _DISPUTES,
    Listed.SIGNED_OFF: (*_DATES, "booked_on", "recorded_at", "disputed"),
    Listed.SETTLED: _DISPUTES,
}


def reconciliation_sheet(connection: Connection, lists: Reconciliation, listed: Listed) -> Sheet:
    """Return a list with the dates that it holds for: up to and including today."""
    columns = COLUMNS[listed]
    return Sheet(
        name=listed.value,
        about=_about(listed, now(connection, moment())),
        columns=columns,
        count=lists.count(listed),
        rows=(tuple(getattr(row, name) for name in columns) for row in lists.everything(listed)),
    )


def _about(listed: Listed, known: datetime) -> About:
    kind = HOUSED_ON if listed is Listed.NOT_SIGNED_OFF else BOOKED_ON
    return About(valid=moment().today + timedelta(days=1), known=known, date_kind=kind)
