"""Users and their grants, for the administrator."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from models import Grant, Organisation, User
from workflows import policy
from workflows.actor import Actor
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.validity import holds_on

PAGE = 50


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user with the number of roles that hold today."""

    reference: str
    name: str
    email: str
    active: bool
    second_factor: bool
    roles: list[str]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant of a user."""

    id: int
    role: str
    organisation: str
    valid_from: date
    valid_until: date | None


def users(
    connection: Connection, actor: Actor, today: date, after: str | None, typed: str = ""
) -> list[UserRow]:
    """Return a page of users by e-mail address, after an address; one more than a page holds.

    Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.MANAGE_USERS)
    roles = (
        select(func.array_agg(Grant.role.distinct()))
        .where(
            Grant.user_id == User.id,
            holds_on(Grant, today),
        )
        .scalar_subquery()
    )
    statement = select(
        User.reference,
        User.name,
        User.email,
        User.active,
        User.second_factor_secret.is_not(None),
        roles,
    )
    if after:
        position = select(User.email).where(User.reference == after).scalar_subquery()
        statement = statement.where(User.email > position)
    if typed:
        lowered = typed.lower()
        statement = statement.where(
            or_(
                User.email.contains(lowered, autoescape=True),
                func.lower(User.name).contains(lowered, autoescape=True),
            )
        )
    rows = connection.execute(statement.order_by(User.email).limit(PAGE + 1))
    return [UserRow(row[0], row[1], row[2], row[3], row[4], row[5] or []) for row in rows]


def user_with_grants(
    connection: Connection, actor: Actor, reference: str
) -> tuple[UserRow, list[GrantRow]]:
    """Return a user and all grants ever given; raises `NotFound`."""
    policy.demand(actor, Permission.MANAGE_USERS)
    row = one_row(
        connection,
        select(
            User.reference,
            User.name,
            User.email,
            User.active,
            User.second_factor_secret.is_not(None),
            User.id,
        ).where(User.reference == reference),
    )
    grants = connection.execute(
        select(Grant.id, Grant.role, Organisation.name, Grant.valid_from, Grant.valid_until)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.user_id == row[5])
        .order_by(Grant.valid_until.is_not(None), Grant.id)
    )
    shown = UserRow(row[0], row[1], row[2], row[3], row[4], [])
    return shown, [GrantRow(*each) for each in grants]


def organisation_choices(connection: Connection, actor: Actor) -> list[str]:
    """Return the names of all organisations; raises `NotFound` without the right."""
    policy.demand(actor, Permission.MANAGE_USERS)
    return list(connection.scalars(select(Organisation.name).order_by(Organisation.name)))
