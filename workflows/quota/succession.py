"""Mergers and splits of municipalities: whose ledgers a municipality's figures add up.

There are no lines for a merger (decisions): the figures of a municipality sum the ledgers of those
that it took over, and a part that was split off is a share in thousandths of each figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Connection, or_, select

from models import Municipality, MunicipalityPredecessor
from workflows.quota.booked import Booked, Figures, Ledger

WHOLE = 1_000
Share = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Succession:
    """From a date on, each successor's share in thousandths of what a municipality was."""

    on_date: date
    predecessor: str
    shares: tuple[Share, ...]

    def divide(self, ledger: Ledger) -> dict[str, Ledger]:
        """Return what each successor has of a ledger; what no share names stays where it was.

        Shares are rounded cumulatively in code order, so that the parts sum to the figures.
        """
        named = sum(share for _, share in self.shares)
        parts: dict[str, Ledger] = {}
        until = 0
        for code, share in (*self.shares, (self.predecessor, WHOLE - named)):
            before, until = until, until + share
            part = (each * until // WHOLE - each * before // WHOLE for each in ledger.figures)
            if share:
                is_whole = ledger.is_whole and share == WHOLE
                parts[code] = Ledger(ledger.code, Figures(*part), is_whole)
        return parts


def successions(connection: Connection, valid: date, known: datetime | None) -> list[Succession]:
    """Return, in order of date, what counts in a standing: in effect before `valid` and known."""
    row = MunicipalityPredecessor
    statement = (
        select(row.on_date, row.predecessor_code, row.successor_code, row.share_permille)
        .where(row.on_date < valid)
        .order_by(row.on_date, row.predecessor_code, row.successor_code)
    )
    if known is not None:
        statement = statement.where(or_(row.recorded_at.is_(None), row.recorded_at <= known))
    return [
        Succession(on_date, predecessor, tuple((code, share) for _, _, code, share in rows))
        for (on_date, predecessor), rows in groupby(
            connection.execute(statement), key=lambda found: (found[0], found[1])
        )
    ]


def unknown_then(connection: Connection, valid: date, known: datetime) -> frozenset[str]:
    """Return the municipalities that began or ended by a merger recorded after `known`.

    Until then a predecessor was in force still, and its successor was not yet.
    """
    row = MunicipalityPredecessor
    changed = or_(
        (Municipality.code == row.predecessor_code) & (Municipality.valid_until == row.on_date),
        (Municipality.code == row.successor_code) & (Municipality.valid_from == row.on_date),
    )
    statement = (
        select(Municipality.code)
        .join(row, changed)
        .where(row.on_date < valid, row.recorded_at > known)
    )
    return frozenset(connection.scalars(statement))


def taken_over(rows: Iterable[Booked], merged: Iterable[Succession]) -> list[Booked]:
    """Return rows with the figures of predecessors under their successors, in code order.

    What has neither figures nor force any more is left out.
    """
    found = {row.code: row for row in rows}
    for succession in merged:
        before = found[succession.predecessor]
        found[before.code] = before.with_ledgers(())
        for ledger in before.ledgers:
            for code, part in succession.divide(ledger).items():
                found[code] = found[code].with_ledgers((*found[code].ledgers, part))
    return [row for _, row in sorted(found.items()) if row.in_force or any(row.figures)]
