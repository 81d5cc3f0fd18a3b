"""Mergers of municipalities on 1 January: cases, users and open reservations go along.

There are no lines for a merger: the figures of the successor sum the ledgers of its predecessors
(`succession.py`), whose history stays where it is. The ledger's lock is taken exclusively, so
that no case is linked to a predecessor meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, text, update

from models import Municipality, MunicipalityExemption, MunicipalityPredecessor
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.permissions import Permission
from workflows.quota.merged_cases import move_cases
from workflows.quota.merged_rights import end_transfers, move_grants
from workflows.quota.merger_rules import Merger, check_merger
from workflows.quota.new_municipality import found_municipality
from workflows.quota.posted import WHOLE
from workflows.trail import record_audit


@dataclass(frozen=True, slots=True)
class Merged:
    """What went along: cases and grants."""

    code: str
    cases: int
    grants: int


def merge_municipalities(
    connection: Connection, actor: Actor, payload: Merger, moment: Moment
) -> Merged:
    """Merge municipalities; the caller commits.

    Raises `NotFound` without the right and `Refused` beside the field that does not fit;
    `BatchRefusedError` when a case cannot go along.
    """
    policy.demand(actor, Permission.MERGE_MUNICIPALITIES)
    at = _close_ledger(connection, moment)
    merging = check_merger(connection, payload, moment)
    successor = merging.successor
    if successor is None:
        successor = found_municipality(connection, payload, merging.predecessors, moment)
    _record(connection, payload, merging.codes, successor.code, at)
    end_transfers(connection, actor, merging.codes, at)
    grants = move_grants(connection, merging.organisations, successor.organisation_id, moment.today)
    cases = move_cases(connection, actor, merging.codes, successor.code, moment)
    record_audit(
        connection,
        moment,
        actor.user_id,
        "merge_municipalities",
        subject=successor.code,
        fields=("on_date", "predecessors", "successor", "name"),
    )
    return Merged(successor.code, cases, grants)


def _close_ledger(connection: Connection, moment: Moment) -> datetime:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LEDGER_LOCK})
    now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now + moment.offset


def _record(
    connection: Connection, payload: Merger, codes: list[str], successor: str, at: datetime
) -> None:
    connection.execute(
        insert(MunicipalityPredecessor),
        [
            {
                "successor_code": successor,
                "predecessor_code": code,
                "on_date": payload.on_date,
                "share_permille": WHOLE,
                "recorded_at": at,
            }
            for code in codes
        ],
    )
    connection.execute(
        update(Municipality).where(Municipality.code.in_(codes)).values(valid_until=payload.on_date)
    )
    connection.execute(
        update(MunicipalityExemption)
        .where(
            MunicipalityExemption.municipality_code.in_(codes),
            MunicipalityExemption.valid_until.is_(None),
            MunicipalityExemption.valid_from < payload.on_date,
        )
        .values(valid_until=payload.on_date)
    )
