"""Tasks are done and taken up again by whoever works at their organisation; both are audited."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from models import AuditEntry, Case, Task
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.trail import now


def finish_task(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Note that a task is done, and who says so; doing it twice is doing it once.

    Raises `NotFound` when it is no task of the actor's organisations on a case within reach.
    """
    task = _lock(connection, actor, reference, moment)
    if task.done_on is None:
        values = {"done_on": moment.today, "done_by": actor.user_id}
        connection.execute(update(Task).where(Task.id == task.id).values(values))
        _record(connection, actor, task, "task_done", moment)


def reopen_task(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Put a task back on the list; doing it twice is doing it once. Raises `NotFound`."""
    task = _lock(connection, actor, reference, moment)
    if task.done_on is not None:
        values = {"done_on": None, "done_by": None}
        connection.execute(update(Task).where(Task.id == task.id).values(values))
        _record(connection, actor, task, "task_reopened", moment)


def _lock(connection: Connection, actor: Actor, reference: str, moment: Moment) -> Any:
    own = sorted({grant.organisation_id for grant in actor.grants})
    return one_row(
        connection,
        select(Task.id, Task.case_id, Task.kind, Task.done_on, Task.reference)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.reference == reference,
            Task.organisation_id.in_(own),
            policy.visible(actor, Permission.VIEW_CASE, moment.today),
        )
        .with_for_update(key_share=True, of=Task),
    )


def _record(
    connection: Connection,
    actor: Actor,
    task: Any,
    action: str,
    moment: Moment,
) -> None:
    connection.execute(
        insert(AuditEntry).values(
            recorded_at=now(connection, moment),
            actor_id=actor.user_id,
            action=action,
            case_id=task.case_id,
            object_reference=task.reference,
            fields=[task.kind],
        )
    )
