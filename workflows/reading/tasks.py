"""Tasks of an organisation on cases within reach: open by their day, and lately done."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models import Case, Membership, Person, Task, User
from workflows import policy
from workflows.actor import Actor
from workflows.membership import leads
from workflows.permissions import Permission

MOST = 200
SHOWN_DONE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task; the person is named where it is about one, the head of the household otherwise.

    `party` is who promised an agreement, `description` what was agreed.
    """

    case_id: int
    case: str
    reference: str
    kind: str
    party: str | None
    description: str | None
    due_on: date
    done_on: date | None
    done_by: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Open tasks of the actor and of the organisation, and what was done lately."""

    mine: int
    team: int
    done: int


def own_tasks(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return which tasks are the actor's organisations', on cases within reach."""
    own = sorted({grant.organisation_id for grant in actor.grants})
    return and_(Task.organisation_id.in_(own), policy.visible(actor, Permission.VIEW_CASE, today))


def in_hand(actor: Actor) -> ColumnElement[bool]:
    """Return the clause for cases that an actor has in hand, for oneself or for who is absent."""
    people = actor.stands_in_for
    return or_(Case.assignee_id.in_(people), Case.municipal_contact_id.in_(people))


def _tab(actor: Actor, tab: str, today: date) -> ColumnElement[bool]:
    if tab == "done":
        return Task.done_on > today - SHOWN_DONE
    if tab == "mine":
        return and_(Task.done_on.is_(None), in_hand(actor))
    return Task.done_on.is_(None)


def task_counts(connection: Connection, actor: Actor, today: date) -> TaskCounts:
    """Return how many tasks each tab holds, in one statement."""
    tabs = (_tab(actor, tab, today) for tab in ("mine", "team", "done"))
    row = connection.execute(
        select(*(func.count().filter(tab) for tab in tabs))
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .where(own_tasks(actor, today))
    ).one()
    return TaskCounts(row[0], row[1], row[2])


def tasks(connection: Connection, actor: Actor, tab: str, today: date) -> list[TaskRow]:
    """Return the tasks of a tab, the most urgent or the newest done first; at most 200."""
    order = (Task.done_on.desc(), Task.id.desc()) if tab == "done" else (Task.due_on, Task.id)
    rows = connection.execute(
        select(
            Case.id.label("case_id"),
            Case.reference.label("case"),
            Task.reference,
            Task.kind,
            Task.party,
            Task.description,
            Task.due_on,
            Task.done_on,
            User.name.label("done_by"),
            (Person.given_names + " " + Person.family_name).label("name"),
        )
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(User, User.id == Task.done_by)
        .outerjoin(Membership, leads())
        .outerjoin(
            Person,
            or_(
                Person.id == Task.person_id,
                and_(Task.person_id.is_(None), Person.id == Membership.person_id),
            ),
        )
        .where(own_tasks(actor, today), _tab(actor, tab, today))
        .order_by(*order)
        .limit(MOST)
    ).mappings()
    return [TaskRow(**row) for row in rows]
