"""Which grants users hold today: their own, and those of colleagues for whom they stand in."""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    and_,
    cast,
    exists,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from models import Grant, Municipality, Organisation, Province, Substitution, User
from models.vocabulary import Role
from workflows.validity import holds_on

# Roles that work on cases: only these does a substitute take on.
STANDING_IN = (
    Role.CASE_MANAGER,
    Role.PLACEMENT_OFFICER,
    Role.MUNICIPAL_OFFICER,
    Role.COORDINATOR,
    Role.GUARDIAN,
)
_NAMES = (
    User.id.label("user_id"),
    User.name,
    Grant.role,
    Grant.organisation_id,
    Organisation.name.label("organisation"),
    func.coalesce(Municipality.code, Province.code).label("area"),
)


def _with_places(statement: Any) -> Any:
    return (
        statement.join(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(Municipality, Municipality.organisation_id == Organisation.id)
        .outerjoin(Province, Province.organisation_id == Organisation.id)
        .where(User.active)
    )


def _own_grants(users: list[int], today: date) -> Any:
    nobody = cast(null(), BigInteger).label("absent_id")
    found = select(*_NAMES, nobody, Grant.id.label("place")).join(Grant, Grant.user_id == User.id)
    return _with_places(found).where(User.id.in_(users), holds_on(Grant, today))


def _held_for_absent(users: list[int], today: date) -> Any:
    """Select what substitutes hold for who is absent, as long as they work there themselves."""
    absent, own = aliased(User), aliased(Grant)
    works_there = exists(
        select(own.id).where(
            own.user_id == User.id,
            own.organisation_id == Substitution.organisation_id,
            holds_on(own, today),
        )
    )
    found = (
        select(
            *_NAMES,
            absent.id.label("absent_id"),
            Grant.id.label("place"),
        )
        .join(Substitution, Substitution.substitute_id == User.id)
        .join(absent, absent.id == Substitution.absent_id)
        .join(
            Grant,
            and_(
                Grant.user_id == absent.id,
                Grant.organisation_id == Substitution.organisation_id,
                Grant.role.in_(STANDING_IN),
            ),
        )
    )
    return _with_places(found).where(
        User.id.in_(users),
        absent.active,
        holds_on(Grant, today),
        Substitution.ended_at.is_(None),
        Substitution.valid_from <= today,
        Substitution.valid_until > today,
        works_there,
    )


def held_grants(users: list[int], today: date) -> Any:
    """Return the statement of all grants that active users hold on a day, their own first.

    A substitute holds those of the absent colleague at the organisation of the substitution.
    """
    both = union_all(_own_grants(users, today), _held_for_absent(users, today)).subquery()
    return select(both).order_by(both.c.user_id, both.c.absent_id.is_not(None), both.c.place)
