"""Posts ledger lines that no case causes: openings, quotas, transfers and their reversals.

The order of locks is that of the engine: the ledger's shared lock, the clock, then balances by
municipality code, all before any insert.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from models import QuotaBalance, QuotaEntry, QuotaRollup
from models.vocabulary import QuotaKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.permissions import Permission
from workflows.quota.lines import OBLIGING, balance_changes, rollup_rows
from workflows.quota.period import HalfYear
from workflows.trail import record_audit
from workflows.writing import add_to_rows, change_counters, insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line to post: signed persons for a municipality in a half-year.

    A transfer out has negative persons. `booked_on` None books on the first day of the half-year,
    as openings and quotas are.
    """

    municipality_code: str
    half_year: HalfYear
    kind: QuotaKind
    persons: int
    booked_on: date | None = None
    reason: str | None = None
    national_quota_id: int | None = None
    transfer_id: int | None = None
    reverses: int | None = None


def post_lines(
    connection: Connection, actor: Actor, lines: Sequence[Line], moment: Moment
) -> datetime:
    """Post lines with their sums and an audit line, and return their instant; the caller commits.

    Raises `NotFound` without the right to assign quotas, `Refused` for an unknown municipality and
    ValueError for a kind that only the steps of a case may post.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    if others := {line.kind for line in lines} - OBLIGING:
        raise ValueError(f"only a case posts lines of kind {', '.join(sorted(others))}")
    at = open_ledger(connection, moment, {line.municipality_code for line in lines})
    write_lines(connection, actor, lines, at)
    kinds = tuple(sorted({line.kind.value for line in lines}))
    record_audit(connection, moment, actor.user_id, "post_lines", fields=kinds)
    return at


def reverse_line(
    connection: Connection, actor: Actor, entry_id: int, reason: str, moment: Moment
) -> datetime:
    """Reverse a line that no case caused, once, and return the instant; the caller commits.

    A transfer is reversed on both sides, so that the sum stays what it was.

    Raises `NotFound` without the right, `Refused` when there is no such line or it was reversed.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    original = connection.execute(
        select(QuotaEntry.__table__).where(
            QuotaEntry.id == entry_id, QuotaEntry.case_id.is_(None), QuotaEntry.reverses.is_(None)
        )
    ).one_or_none()
    if original is None:
        raise Refused("no_such_line", "Deze regel bestaat niet of kan niet worden teruggedraaid.")
    together = _together(connection, original)
    at = open_ledger(connection, moment, {each.municipality_code for each in together})
    keys = [each.id for each in together]
    if connection.scalar(select(QuotaEntry.id).where(QuotaEntry.reverses.in_(keys)).limit(1)):
        raise Refused("reversed", "Deze regel is al teruggedraaid.")
    lines = [
        Line(
            municipality_code=each.municipality_code,
            half_year=HalfYear.parse(each.half_year),
            kind=QuotaKind(each.kind),
            persons=-each.persons,
            booked_on=each.booked_on,
            reason=reason,
            national_quota_id=each.national_quota_id,
            transfer_id=each.transfer_id,
            reverses=each.id,
        )
        for each in together
    ]
    write_lines(connection, actor, lines, at)
    record_audit(connection, moment, actor.user_id, "reverse_line", fields=(original.kind,))
    return at


def _together(connection: Connection, original: Any) -> list[Any]:
    """Return the lines that stand or fall with one: both sides of a transfer, or it alone."""
    if original.transfer_id is None:
        return [original]
    return list(
        connection.execute(
            select(QuotaEntry.__table__)
            .where(QuotaEntry.transfer_id == original.transfer_id, QuotaEntry.reverses.is_(None))
            .order_by(QuotaEntry.id)
        )
    )


_CLOCK = text("SELECT pg_advisory_xact_lock_shared(:ledger), clock_timestamp() + :offset")
_BALANCES = (
    select(QuotaBalance.municipality_code)
    .where(QuotaBalance.municipality_code == func.any(bindparam("codes")))
    .order_by(QuotaBalance.municipality_code)
    .with_for_update(key_share=True)
)


def open_ledger(connection: Connection, moment: Moment, codes: Collection[str]) -> datetime:
    """Take the ledger's lock, stamp the clock and lock balances; returns the lines' instant.

    Raises `Refused` when a municipality has no balance, which means that it is unknown.
    """
    at: datetime = connection.execute(
        _CLOCK, {"ledger": LEDGER_LOCK, "offset": moment.offset}
    ).one()[1]
    found = set(connection.scalars(_BALANCES, {"codes": sorted(codes)}))
    if unknown := set(codes) - found:
        raise Refused(
            "unknown_municipality",
            "Deze gemeente bestaat niet: {codes}.",
            "municipality",
            {"codes": ", ".join(sorted(unknown))},
        )
    return at


def write_lines(connection: Connection, actor: Actor, lines: Sequence[Line], at: datetime) -> None:
    """Insert lines with their rollups and balances under the locks of `open_ledger`."""
    rows = [
        {
            "municipality_code": line.municipality_code,
            "half_year": str(line.half_year),
            "kind": line.kind.value,
            "persons": line.persons,
            "booked_on": line.booked_on or line.half_year.starts_on,
            "recorded_at": at,
            "national_quota_id": line.national_quota_id,
            "transfer_id": line.transfer_id,
            "reverses": line.reverses,
            "recorded_by": actor.user_id,
            "reason": line.reason,
        }
        for line in lines
    ]
    insert_rows(connection, [(QuotaEntry, row) for row in rows])
    add_to_rows(connection, QuotaRollup, rollup_rows(rows))
    change_counters(connection, QuotaBalance, "municipality_code", balance_changes(rows))
