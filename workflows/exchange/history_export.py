"""Gives the ledger as history that another installation can take over: sums without cases."""

import csv
from datetime import date, datetime
from io import TextIOWrapper
from typing import BinaryIO

from sqlalchemy import Connection, text

from workflows import policy
from workflows.actor import Actor
from workflows.exchange.history_rows import COLUMNS
from workflows.permissions import Permission

# A line and its reversal are of one day, so that they leave nothing.
_LINES = """
    SELECT municipality_code, half_year, kind, sum(persons), booked_on FROM quota_entry
     WHERE booked_on < :valid AND recorded_at <= :known AND kind NOT IN ('reserved', 'released')
     GROUP BY 1, 2, 3, 5 HAVING sum(persons) <> 0
     ORDER BY 1, 2, 3, 5
"""
_AT_ONCE = 2_000


def give_history(
    connection: Connection, actor: Actor | None, valid: date, known: datetime, stream: BinaryIO
) -> int:
    """Write what was booked before `valid` and known then as CSV; returns the number of rows.

    `actor` None is the operator. Raises `NotFound` for who may not see the standing.
    """
    if actor is not None:
        policy.demand(actor, Permission.VIEW_STANDING)
    lines = TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = 0
    for row in connection.execute(
        text(_LINES),
        {"valid": valid, "known": known},
        execution_options={"yield_per": _AT_ONCE},
    ):
        writer.writerow(row)
        rows += 1
    lines.detach()
    return rows
