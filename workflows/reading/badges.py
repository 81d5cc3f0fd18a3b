"""How much waits behind each entry of the main menu, in one statement."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, literal, or_, select

from models import Case, Handover, Municipality, Notice, QuotaTransfer, Task
from models.vocabulary import PENDING_HANDOVER, CaseState
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.reading.due import DueFilters, Window, due_statement
from workflows.reading.queue import reach, tab_clause
from workflows.reading.tasks import own_tasks
from workflows.reading.transfers import unanswered


@dataclass(frozen=True, slots=True)
class Badges:
    """What waits behind each entry; transfers of quota wait for an answer, terms end till today."""

    notices: int = 0
    inbox: int = 0
    queue: int = 0
    tasks: int = 0
    due: int = 0
    transfers: int = 0


def badges(connection: Connection, actor: Actor, today: date) -> Badges:
    """Return what waits for an actor; each number is that of the list behind it."""
    unread = select(func.count()).where(Notice.user_id == actor.user_id, Notice.read_at.is_(None))
    if not policy.may(actor, Permission.VIEW_CASE):
        return Badges(connection.execute(unread).scalar_one())
    cases = select(func.count()).select_from(Case)
    linked = Case.state == CaseState.LINKED
    offered = (
        select(Handover.id)
        .join(Municipality, Municipality.organisation_id == Handover.target_id)
        .where(
            Handover.case_id == Case.id,
            Handover.state.in_(PENDING_HANDOVER),
            Municipality.code == Case.municipality_code,
        )
        .exists()
    )
    inbox = cases.where(policy.visible(actor, Permission.TAKE_UP, today), or_(linked, offered))
    queue = cases.where(reach(actor, today), tab_clause(actor, "mine"))
    tasks = (
        select(func.count())
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .where(own_tasks(actor, today), Task.done_on.is_(None))
    )
    transfers = select(func.count()).select_from(QuotaTransfer)
    windows = (Window.LATE, Window.TODAY)
    row = connection.execute(
        select(
            unread.scalar_subquery(),
            inbox.scalar_subquery() if policy.may(actor, Permission.TAKE_UP) else literal(0),
            queue.scalar_subquery(),
            tasks.scalar_subquery(),
            due_statement(actor, DueFilters(), today, windows).scalar_subquery(),
            transfers.where(unanswered(actor)).scalar_subquery()
            if policy.may(actor, Permission.ANSWER_TRANSFER)
            else literal(0),
        )
    ).one()
    # A sum is a Decimal to PostgreSQL, and a plural wants a whole number.
    return Badges(*(int(number or 0) for number in row))
