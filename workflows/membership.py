"""Clauses over memberships: who belongs to a household, and who is its head."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models import Case, Membership
from models.vocabulary import MemberRole, MembershipEnd


def belongs(member: Any = Membership) -> ColumnElement[bool]:
    """Return the clause for memberships that last, or lasted until the case closed.

    The household of a closed case keeps its members: outcomes and corrections name them.
    """
    return or_(member.left_on.is_(None), member.end_reason == MembershipEnd.CASE_CLOSED)


def leads(member: Any = Membership) -> ColumnElement[bool]:
    """Return the clause that joins to a live case the membership of its head."""
    return and_(member.case_id == Case.id, member.left_on.is_(None), member.role == MemberRole.HEAD)
