"""Tasks that rules put on the list of an organisation are done by whoever works there."""

from sqlalchemy import Connection, select, update

from models import Case, Task
from models.vocabulary import TaskKind
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.moment import Moment
from workflows.reading.tasks import own_open_tasks
from workflows.trail import record_audit


def finish_tasks(
    connection: Connection, actor: Actor, case: str, kind: TaskKind, moment: Moment
) -> None:
    """Note that the open tasks of a kind for a case are done, and who says so.

    Doing it twice is doing it once. Raises `NotFound` when the case is out of the actor's reach
    or the actor's organisations never had such a task.
    """
    own = sorted({grant.organisation_id for grant in actor.grants})
    found = connection.execute(
        select(Task.id, Task.done_on)
        .join(Case, Case.id == Task.case_id)
        .where(Case.reference == case, Task.kind == kind, Task.organisation_id.in_(own))
        .with_for_update(key_share=True, of=Task)
    ).all()
    if not found:
        raise NotFound
    wanted = [row.id for row in found if row.done_on is None]
    visible = connection.scalars(
        select(Task.id)
        .join(Case, Case.id == Task.case_id)
        .where(Task.id.in_(wanted), own_open_tasks(actor, moment.today))
    ).all()
    if len(visible) < len(wanted):
        raise NotFound
    if wanted:
        connection.execute(update(Task).where(Task.id.in_(wanted)).values(done_on=moment.today))
        record_audit(connection, moment, actor.user_id, "task_done", subject=case, fields=(kind,))
