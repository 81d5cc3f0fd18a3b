"""The audit trail and the read log of what happens outside the steps of a case."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from models import AuditEntry, ReadEntry
from workflows.moment import Moment


def now(connection: Connection, moment: Moment) -> datetime:
    """Return the program's instant: the database's clock plus the offset of a demo."""
    found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return found + moment.offset


def record_audit(
    connection: Connection,
    moment: Moment,
    actor_id: int | None,
    action: str,
    *,
    subject: str | None = None,
    fields: tuple[str, ...] = (),
) -> None:
    """Write who did what to which object (by reference), in the caller's transaction."""
    connection.execute(
        insert(AuditEntry).values(
            recorded_at=now(connection, moment),
            actor_id=actor_id,
            action=action,
            object_reference=subject,
            fields=list(fields),
        )
    )


def record_read(
    connection: Connection,
    moment: Moment,
    actor_id: int,
    purpose: str,
    *,
    case_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Write who saw personal data and why, in the transaction that reads them."""
    connection.execute(
        insert(ReadEntry).values(
            recorded_at=now(connection, moment),
            actor_id=actor_id,
            case_id=case_id,
            person_id=person_id,
            purpose=purpose,
        )
    )


def record_reads(
    connection: Connection, moment: Moment, actor_id: int, purpose: str, cases: Iterable[int]
) -> None:
    """Write who saw the names of households in a list and why, a line for each case."""
    seen = list(dict.fromkeys(cases))
    if not seen:
        return
    at = now(connection, moment)
    entry = {"recorded_at": at, "actor_id": actor_id, "purpose": purpose}
    connection.execute(insert(ReadEntry), [entry | {"case_id": case} for case in seen])


def record_system_read(
    connection: Connection, moment: Moment, api_token_id: int, purpose: str, case_id: int
) -> None:
    """Write the same of an organisation's own system, known by its key."""
    connection.execute(
        insert(ReadEntry).values(
            recorded_at=now(connection, moment),
            api_token_id=api_token_id,
            case_id=case_id,
            purpose=purpose,
        )
    )
