"""The one policy: which role may do what, and to which cases; deny by default.

A rule pairs a role with a relation between the actor and a case. Each relation is declared once
and read in two ways: as a SQL clause for locks, lists, counts and exports, and as a test of a
case in memory. A property test proves that both agree.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, any_, bindparam, exists, false, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Text

from models import Case, CaseAccess
from models.vocabulary import Role
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import RULES, Permission, Relation

OUTCOME_ACCESS = timedelta(days=731)
FINISHED = frozenset({"closed", "ended"})


class Located(Protocol):
    """What a relation reads of a case."""

    state: str
    centre_id: int | None
    region_id: int
    guardian_id: int | None
    municipality_code: str | None
    finished_on: date | None


@dataclass(frozen=True, slots=True)
class Reach:
    """One relation with the organisations or areas for which it holds."""

    relation: Relation
    values: tuple[int | str, ...]


def reaches(actor: Actor, permission: Permission) -> list[Reach]:
    """Return the relations through which an actor has a permission; none means denied."""
    found = []
    for role, relation in RULES[permission]:
        if role not in actor.roles:
            continue
        values: list[int] | list[str] = (
            actor.areas(role) if relation in _BY_AREA else actor.organisations(role)
        )
        if values or relation is Relation.ANYWHERE:
            found.append(Reach(relation, tuple(values)))
    return found


def may(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor has a permission for anything at all."""
    return bool(reaches(actor, permission))


def demand(actor: Actor, permission: Permission) -> None:
    """Raise `NotFound` unless the actor has a permission for anything at all."""
    if not may(actor, permission):
        raise NotFound


def acting_organisation(actor: Actor, permission: Permission) -> int:
    """Return the organisation on whose behalf the actor uses a permission.

    Raises `NotFound` when the actor does not have it.
    """
    roles = frozenset(role for role, _ in RULES[permission])
    organisation = actor.organisation_for(roles)
    if organisation is None:
        raise NotFound
    return organisation


def visible(actor: Actor, permission: Permission, today: date) -> ColumnElement[bool]:
    """Return the SQL filter over `case_file` for what an actor may do under a permission."""
    clauses = [_clause(actor, reach, today) for reach in reaches(actor, permission)]
    return or_(*clauses) if clauses else false()


def allows(actor: Actor, permission: Permission, case: Located, today: date) -> bool:
    """Tell the same of one case in memory; access for a stated reason is known in SQL only."""
    return any(_holds(reach, case, today) for reach in reaches(actor, permission))


_BY_AREA = frozenset({Relation.LINKED_MUNICIPALITY, Relation.HOUSED_HERE})


def _among(column: object, values: tuple[int | str, ...], *, text: bool) -> ColumnElement[bool]:
    kind = ARRAY(Text) if text else ARRAY(BigInteger)
    held = bindparam(None, list(values), type_=kind)
    return column == any_(held)  # type: ignore[return-value]


def _clause(actor: Actor, reach: Reach, today: date) -> ColumnElement[bool]:
    match reach.relation:
        case Relation.ANYWHERE:
            return true()
        case Relation.OWN_CENTRE:
            return _among(Case.centre_id, reach.values, text=False)
        case Relation.OWN_REGION:
            return _among(Case.region_id, reach.values, text=False)
        case Relation.REGION_WITHOUT_CENTRE:
            return and_(Case.centre_id.is_(None), _among(Case.region_id, reach.values, text=False))
        case Relation.WARD:
            return _among(Case.guardian_id, reach.values, text=False)
        case Relation.LINKED_MUNICIPALITY:
            return and_(
                _among(Case.municipality_code, reach.values, text=True),
                Case.state.notin_(sorted(FINISHED)),
            )
        case Relation.HOUSED_HERE:
            return and_(
                _among(Case.municipality_code, reach.values, text=True),
                Case.state == "closed",
                Case.finished_on > today - OUTCOME_ACCESS,
            )
        case Relation.STATED_REASON:
            return exists(
                select(CaseAccess.id).where(
                    CaseAccess.case_id == Case.id,
                    CaseAccess.user_id == actor.user_id,
                    CaseAccess.until >= today,
                )
            )


def _holds(reach: Reach, case: Located, today: date) -> bool:
    match reach.relation:
        case Relation.ANYWHERE:
            return True
        case Relation.OWN_CENTRE:
            return case.centre_id in reach.values
        case Relation.OWN_REGION:
            return case.region_id in reach.values
        case Relation.REGION_WITHOUT_CENTRE:
            return case.centre_id is None and case.region_id in reach.values
        case Relation.WARD:
            return case.guardian_id in reach.values
        case Relation.LINKED_MUNICIPALITY:
            return case.municipality_code in reach.values and case.state not in FINISHED
        case Relation.HOUSED_HERE:
            return (
                case.municipality_code in reach.values
                and case.state == "closed"
                and case.finished_on is not None
                and case.finished_on > today - OUTCOME_ACCESS
            )
        case Relation.STATED_REASON:
            return False
