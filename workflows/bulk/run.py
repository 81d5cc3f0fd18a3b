"""Runs of one step over many cases, as their user starts, stops and resumes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.dialects.postgresql import insert

from models import BulkRow, BulkRun
from models.bulk import BulkOutcome, BulkStatus
from workflows.actor import Actor
from workflows.bulk.fitting import Order
from workflows.bulk.preview import demand_number, known_cases
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.own_run import own_run
from workflows.step import Step
from workflows.trail import now, record_audit
from workflows.writing import insert_rows

OPEN = (BulkStatus.WAITING, BulkStatus.RUNNING)


def start(
    connection: Connection,
    wanted: Order,
    seen: Sequence[tuple[str, int]],
    moment: Moment,
    *,
    reference: str | None = None,
) -> str:
    """Store a run over the cases with the versions that the actor saw; returns its reference.

    `reference` (from the preview) makes the start idempotent: the same form sent twice is one
    run. Raises `Refused` for too many cases, none, or one that went out of sight.
    """
    versions = dict(seen)
    demand_number(list(versions))
    made = reference or moment.new_reference()
    plain = set(wanted.step.payload.plain_fields)
    payload = wanted.payload.model_dump(mode="json", include=plain)
    run_id = open_run(connection, wanted.actor, made, moment, step=wanted.step, payload=payload)
    if run_id is None:
        return made
    known = known_cases(connection, wanted, list(versions), moment.today)
    if len(known) < len(versions):
        raise Refused(
            "out_of_sight",
            "Een van deze dossiers is intussen niet meer van u. Bekijk het voorbeeld opnieuw.",
            "cases",
        )
    fill_run(
        connection,
        run_id,
        [{"case_id": known[case].id, "version": version} for case, version in versions.items()],
    )
    return made


def cancel(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Stop a run after the batch in hand; what was taken stays. Raises `NotFound`."""
    run = own_run(connection, BulkRun, actor, reference, lock=True)
    if run.status in OPEN:
        set_status(connection, run.id, BulkStatus.CANCELLED, moment)
        record_audit(connection, moment, actor.user_id, "cancel_bulk", subject=reference)


def resume(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Let a cancelled run go on with the cases that still wait. Raises `NotFound`."""
    run = own_run(connection, BulkRun, actor, reference, lock=True)
    if run.status == BulkStatus.CANCELLED:
        set_status(connection, run.id, BulkStatus.WAITING, moment)
        record_audit(connection, moment, actor.user_id, "resume_bulk", subject=reference)


def set_status(connection: Connection, run_id: int, status: BulkStatus, moment: Moment) -> None:
    """Set where a run stands; a run that is done or cancelled notes when."""
    finished = None if status in OPEN else now(connection, moment)
    connection.execute(
        update(BulkRun).where(BulkRun.id == run_id).values(status=status, finished_at=finished)
    )


def open_run(
    connection: Connection,
    actor: Actor,
    reference: str,
    moment: Moment,
    *,
    step: Step,
    payload: Mapping[str, Any],
) -> int | None:
    """Insert a run without its cases and return its key; None when it stands there already.

    Raises `NotFound` when it stands there and is another's.
    """
    run_id = connection.scalar(
        insert(BulkRun)
        .values(
            reference=reference,
            actor_id=actor.user_id,
            step=step.code,
            payload=payload,
            status=BulkStatus.WAITING,
            made_at=now(connection, moment),
        )
        .on_conflict_do_nothing(index_elements=["reference"])
        .returning(BulkRun.id)
    )
    if run_id is None:
        own_run(connection, BulkRun, actor, reference)
    else:
        record_audit(connection, moment, actor.user_id, "start_bulk", subject=reference)
    return run_id


def fill_run(connection: Connection, run_id: int, cases: Iterable[Mapping[str, Any]]) -> None:
    """Give a run its cases, in this order: `case_id`, the `version` seen, at will a proposal."""
    shared = {"run_id": run_id, "outcome": BulkOutcome.WAITING}
    insert_rows(
        connection,
        [
            (BulkRow, {**shared, **each, "position": position})
            for position, each in enumerate(cases)
        ],
    )
