"""Carries a run on, batch by batch, with the rights that its user has at that moment.

Each batch is one transaction of the caller's: the steps and what became of them stand or fall
together, so that a worker that dies leaves nothing half done and nothing to do twice.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from models import BulkRow, BulkRun, Case, Proposal
from models.bulk import BulkOutcome, BulkStatus
from workflows.actor import Actor
from workflows.bulk.fitting import order
from workflows.bulk.run import OPEN, set_status
from workflows.engine import take_many
from workflows.errors import WorkflowError, saying
from workflows.matching.confirming import Asked, follow
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.reading.bulk import Progress, progress_of
from workflows.request import Outcome, Request
from workflows.steps.link import STEP as LINK
from workflows.trail import now
from workflows.users import load_actors
from workflows.writing import update_rows

BATCH = 100
Found = Row[*tuple[Any, ...]]


def advance(
    connection: Connection, reference: str, moment: Moment, *, batch: int = BATCH
) -> Progress:
    """Take the step on the next waiting cases of a run, and return how far it is.

    The run's row is locked until the caller commits, so that workers take turns. Raises
    `NotFound` for an unknown reference.
    """
    run = _lock(connection, reference)
    if run.status not in OPEN:
        return progress_of(connection, run.id)
    waiting = _waiting(connection, run.id, batch)
    outcomes = _take(connection, run, waiting, moment)
    update_rows(
        connection,
        [
            (BulkRow, row.id, _columns(outcome))
            for row, outcome in zip(waiting, outcomes, strict=True)
        ],
    )
    more = bool(_waiting(connection, run.id, 1))
    set_status(connection, run.id, BulkStatus.RUNNING if more else BulkStatus.DONE, moment)
    return progress_of(connection, run.id)


def standing_still(connection: Connection, moment: Moment, quiet: timedelta) -> list[str]:
    """Return the unfinished runs older than `quiet` on which no worker is busy just now."""
    found = connection.scalars(
        select(BulkRun.reference)
        .where(BulkRun.status.in_(OPEN), BulkRun.made_at < now(connection, moment) - quiet)
        .order_by(BulkRun.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(found)


def _lock(connection: Connection, reference: str) -> Found:
    return one_row(
        connection,
        select(BulkRun.__table__)
        .where(BulkRun.reference == reference)
        .with_for_update(key_share=True),
    )


def _waiting(connection: Connection, run_id: int, most: int) -> Sequence[Found]:
    rows: Sequence[Found] = connection.execute(
        select(
            BulkRow.id,
            BulkRow.position,
            BulkRow.version,
            Case.reference,
            Proposal.municipality_code,
            Proposal.status,
        )
        .join(Case, Case.id == BulkRow.case_id)
        .outerjoin(Proposal, Proposal.id == BulkRow.proposal_id)
        .where(BulkRow.run_id == run_id, BulkRow.outcome == BulkOutcome.WAITING)
        .order_by(BulkRow.position)
        .limit(most)
    ).all()
    return rows


def _take(
    connection: Connection, run: Found, waiting: Sequence[Found], moment: Moment
) -> list[Outcome]:
    found = load_actors(connection, [run.actor_id], moment.today)
    actor = found.get(run.actor_id, Actor(run.actor_id, "", ()))
    if run.step == LINK.code:
        return follow(connection, actor, [_asked(run, row) for row in waiting], moment)
    try:
        wanted = order(actor, run.step, run.payload)
    except WorkflowError as error:
        # The user lost the right to the step since the start: every case is refused.
        return [error for _ in waiting]
    requests = [
        Request(
            wanted.step,
            actor,
            wanted.payload,
            row.reference,
            row.version,
            _key(run, row),
        )
        for row in waiting
    ]
    return take_many(connection, requests, moment)


def _asked(run: Found, row: Found) -> Asked:
    return Asked(row.reference, row.version, row.municipality_code, row.status, _key(run, row))


def _key(run: Found, row: Found) -> str:
    return f"bulk-{run.reference}-{row.position}"


def _columns(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, WorkflowError):
        said = saying(outcome)
        return {
            "outcome": BulkOutcome.REFUSED,
            "message": said.template,
            "message_values": said.values,
        }
    return {"outcome": BulkOutcome.TAKEN, "message": None, "message_values": {}}
