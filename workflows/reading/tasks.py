"""Work that rules put on the list of an organisation, as far as the actor may see the case."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from models import Case, Membership, Person, Task
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission

MOST = 200


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that is not done yet; the person is named where it is about one."""

    case_id: int
    reference: str
    kind: str
    due_on: date
    name: str | None


def own_open_tasks(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return which tasks of rules are open for the actor's organisations, on cases within reach.

    Agreements of an interview are not among them: they belong to their handover.
    """
    own = sorted({grant.organisation_id for grant in actor.grants})
    return and_(
        Task.done_on.is_(None),
        Task.handover_id.is_(None),
        Task.organisation_id.in_(own),
        policy.visible(actor, Permission.VIEW_CASE, today),
    )


def open_tasks(connection: Connection, actor: Actor, today: date) -> list[OpenTask]:
    """Return the open tasks, the most urgent first; at most 200."""
    head = and_(
        Membership.case_id == Case.id, Membership.left_on.is_(None), Membership.role == "head"
    )
    rows = connection.execute(
        select(
            Case.id,
            Case.reference,
            Task.kind,
            Task.due_on,
            Person.given_names + " " + Person.family_name,
        )
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Membership, head)
        .outerjoin(
            Person,
            or_(
                Person.id == Task.person_id,
                and_(Task.person_id.is_(None), Person.id == Membership.person_id),
            ),
        )
        .where(own_open_tasks(actor, today))
        .order_by(Task.due_on, Task.id)
        .limit(MOST)
    )
    return [OpenTask(*row) for row in rows]
