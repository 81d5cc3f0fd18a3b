"""Colleagues to assign work to, with how much each has in hand; the least burdened first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from models import Case, Grant, User
from models.vocabulary import LIVE_STATES, Role
from workflows.validity import holds_on

HANDLERS = (Role.CASE_MANAGER, Role.PLACEMENT_OFFICER, Role.MUNICIPAL_OFFICER)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague by reference, with the open cases that are in their hands."""

    reference: str
    name: str
    cases: int


def workload(connection: Connection, organisations: list[int], today: date) -> list[Colleague]:
    """Return who handles cases at the organisations today, and how many each has."""
    held = (
        select(func.count())
        .select_from(Case)
        .where(
            or_(Case.assignee_id == User.id, Case.municipal_contact_id == User.id),
            Case.state.in_(LIVE_STATES),
        )
        .correlate(User)
        .scalar_subquery()
    )
    here = select(Grant.user_id).where(
        Grant.organisation_id.in_(organisations),
        Grant.role.in_(HANDLERS),
        holds_on(Grant, today),
    )
    rows = connection.execute(
        select(User.reference, User.name, held.label("cases"))
        .where(User.active, User.id.in_(here))
        .order_by("cases", User.name)
    )
    return [Colleague(*row) for row in rows]
