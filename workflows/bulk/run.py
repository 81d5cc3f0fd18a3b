"""Runs of one step over many cases, as their user starts, stops and resumes them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from models import BulkRow, BulkRun
from models.bulk import BulkOutcome, BulkStatus
from workflows.actor import Actor
from workflows.bulk.fitting import Order
from workflows.bulk.preview import KnownCase, demand_number, known_cases
from workflows.errors import NotFound, Refused
from workflows.moment import Moment
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
    run_id = _insert(connection, wanted, made, moment)
    if run_id is None:
        own_run(connection, wanted.actor, made)
        return made
    known = known_cases(connection, wanted, list(versions), moment.today)
    if len(known) < len(versions):
        raise Refused(
            "out_of_sight",
            "Een van deze dossiers is intussen niet meer van u. Bekijk het voorbeeld opnieuw.",
            "cases",
        )
    insert_rows(connection, _rows(run_id, versions, known))
    record_audit(connection, moment, wanted.actor.user_id, "start_bulk", subject=made)
    return made


def cancel(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Stop a run after the batch in hand; what was taken stays. Raises `NotFound`."""
    run = own_run(connection, actor, reference, lock=True)
    if run.status in OPEN:
        set_status(connection, run.id, BulkStatus.CANCELLED, moment)
        record_audit(connection, moment, actor.user_id, "cancel_bulk", subject=reference)


def resume(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Let a cancelled run go on with the cases that still wait. Raises `NotFound`."""
    run = own_run(connection, actor, reference, lock=True)
    if run.status == BulkStatus.CANCELLED:
        set_status(connection, run.id, BulkStatus.WAITING, moment)
        record_audit(connection, moment, actor.user_id, "resume_bulk", subject=reference)


def own_run(
    connection: Connection, actor: Actor, reference: str, *, lock: bool = False
) -> Row[*tuple[Any, ...]]:
    """Return a run of the actor's own, at will locked; raises `NotFound` for all others."""
    statement = select(BulkRun.__table__).where(
        BulkRun.reference == reference, BulkRun.actor_id == actor.user_id
    )
    if lock:
        statement = statement.with_for_update(key_share=True)
    found = connection.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def set_status(connection: Connection, run_id: int, status: BulkStatus, moment: Moment) -> None:
    """Set where a run stands; a run that is done or cancelled notes when."""
    finished = None if status in OPEN else now(connection, moment)
    connection.execute(
        update(BulkRun).where(BulkRun.id == run_id).values(status=status, finished_at=finished)
    )


def _insert(connection: Connection, wanted: Order, reference: str, moment: Moment) -> int | None:
    plain = set(wanted.step.payload.plain_fields)
    return connection.scalar(
        insert(BulkRun)
        .values(
            reference=reference,
            actor_id=wanted.actor.user_id,
            step=wanted.step.code,
            payload=wanted.payload.model_dump(mode="json", include=plain),
            status=BulkStatus.WAITING,
            made_at=now(connection, moment),
        )
        .on_conflict_do_nothing(index_elements=["reference"])
        .returning(BulkRun.id)
    )


def _rows(
    run_id: int, versions: dict[str, int], known: dict[str, KnownCase]
) -> list[tuple[type[BulkRow], dict[str, Any]]]:
    return [
        (
            BulkRow,
            {
                "run_id": run_id,
                "position": position,
                "case_id": known[case].id,
                "version": version,
                "outcome": BulkOutcome.WAITING,
            },
        )
        for position, (case, version) in enumerate(versions.items())
    ]
