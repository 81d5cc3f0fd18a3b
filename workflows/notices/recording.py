"""Notes how attempts went: delivered, to be tried again, or given up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models import Delivery, DeliveryAttempt
from models.vocabulary import DeliveryOutcome, DeliveryStatus
from workflows.moment import Moment
from workflows.notices.claiming import Claimed
from workflows.notices.retries import FINAL, retry_at
from workflows.trail import now
from workflows.writing import update_rows

LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Went:
    """How one attempt went; `detail` is for engineers: a status or kind of error, no person."""

    outcome: DeliveryOutcome
    detail: str | None = None


def record(connection: Connection, moment: Moment, results: Iterable[tuple[Claimed, Went]]) -> None:
    """Note results of attempts; of an attempt that another took over, only its end is noted."""
    went = {(claimed.delivery_id, claimed.attempt): result for claimed, result in results}
    if not went:
        return
    at = now(connection, moment)
    keys = [delivery for delivery, _ in went]
    _end_attempts(connection, went, keys, at)
    rows = connection.execute(
        select(Delivery.id, Delivery.attempts, Delivery.tried_from)
        .where(Delivery.id.in_(keys), Delivery.status == DeliveryStatus.WAITING)
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
    ).all()
    changes = [
        (Delivery, row.id, _after(row, went[row.id, row.attempts], at))
        for row in rows
        if (row.id, row.attempts) in went
    ]
    update_rows(connection, changes)


def _after(row: Any, result: Went, at: datetime) -> dict[str, Any]:
    if result.outcome is DeliveryOutcome.DELIVERED:
        return {"status": DeliveryStatus.DELIVERED, "delivered_at": at}
    again = None if result.outcome in FINAL else retry_at(row.attempts, row.tried_from, at)
    return {"status": DeliveryStatus.DEAD} if again is None else {"next_attempt_at": again}


def _end_attempts(
    connection: Connection, went: dict[tuple[int, int], Went], keys: list[int], at: datetime
) -> None:
    rows = connection.execute(
        select(DeliveryAttempt.id, DeliveryAttempt.delivery_id, DeliveryAttempt.number).where(
            DeliveryAttempt.delivery_id.in_(keys), DeliveryAttempt.ended_at.is_(None)
        )
    )
    ended = []
    for row in rows:
        result = went.get((row.delivery_id, row.number))
        if result is not None:
            detail = None if result.detail is None else result.detail[:LONGEST_DETAIL]
            values = {"ended_at": at, "outcome": result.outcome, "detail": detail}
            ended.append((DeliveryAttempt, row.id, values))
    update_rows(connection, ended)
