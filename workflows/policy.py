"""The one policy: which role may do what, and to which cases; deny by default.

A rule pairs a role with a relation between the actor and a case. Each relation is declared once
and read in two ways: as a SQL clause for locks, lists, counts and exports, and as a test of a
case in memory. A property test proves that both agree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, any_, bindparam, exists, false, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from models import Case, CaseAccess, Handover
from models.vocabulary import ACCEPTED_HANDOVER, LIVE_STATES, PENDING_HANDOVER, CaseState
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import RULES, Permission, Relation

FINISHED = frozenset({CaseState.CLOSED, CaseState.ENDED})


class Located(Protocol):
    """What a relation reads of a case."""

    state: str
    centre_id: int | None
    region_id: int
    guardian_id: int | None
    municipality_code: str | None
    outcome_access_until: date | None


class LocatedHandover(Protocol):
    """What a relation reads of a handover and its case; `stage` is the handover's state."""

    centre_id: int | None
    region_id: int
    sender_id: int
    target_id: int
    stage: str
    newest: bool

    @property
    def offered(self) -> bool:
        """Whether it was ever sent."""


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
            actor.areas(role) if _RELATIONS[relation].by_area else actor.organisations(role)
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
    """Return the SQL filter over `case_file` for what an actor may do under a permission.

    For the permissions that hold of a handover, the statement joins `handover` to its case.
    """
    clauses = [
        _RELATIONS[reach.relation].clause(reach.values, actor, today)
        for reach in reaches(actor, permission)
    ]
    return or_(*clauses) if clauses else false()


def allows(
    actor: Actor, permission: Permission, case: Located | LocatedHandover, today: date
) -> bool:
    """Tell the same of one case in memory; access for a stated reason is known in SQL only."""
    return any(
        _RELATIONS[reach.relation].holds(case, reach.values, today)
        for reach in reaches(actor, permission)
    )


def relations_to(
    actor: Actor, permission: Permission, case: Located, today: date
) -> frozenset[Relation]:
    """Return how an actor stands to a case under a permission, as far as memory can tell."""
    return frozenset(
        reach.relation
        for reach in reaches(actor, permission)
        if _RELATIONS[reach.relation].holds(case, reach.values, today)
    )


Values = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A relation, read as SQL and as a test; `by_area` when its values are area codes."""

    clause: Callable[[Values, Actor, date], ColumnElement[bool]]
    holds: Callable[[Any, Values, date], bool]
    by_area: bool = False


def _among(column: Mapped[Any], values: Values) -> ColumnElement[bool]:
    kind = ARRAY(column.type)  # type: ignore[attr-defined] # any type
    return column == any_(bindparam(None, list(values), type_=kind))


def _has_stated_reason(_values: Values, actor: Actor, today: date) -> ColumnElement[bool]:
    return exists(
        select(CaseAccess.id).where(
            CaseAccess.case_id == Case.id,
            CaseAccess.user_id == actor.user_id,
            CaseAccess.until >= today,
        )
    )


def _is_housed_here(case: Located, values: Values, today: date) -> bool:
    return (
        case.municipality_code in values
        and case.outcome_access_until is not None
        and today <= case.outcome_access_until
    )


def _is_addressed(handover: LocatedHandover, values: Values) -> bool:
    return handover.target_id in values and handover.offered


def _addressed(values: Values) -> ColumnElement[bool]:
    return and_(_among(Handover.target_id, values), Handover.offered_at.is_not(None))


def _is_in_force(handover: LocatedHandover) -> bool:
    return handover.newest and handover.stage in ACCEPTED_HANDOVER


def _in_force() -> ColumnElement[bool]:
    # A handover of an earlier link is over, however it ended.
    return and_(Case.handover_id == Handover.id, Handover.state.in_(ACCEPTED_HANDOVER))


_RELATIONS = {
    Relation.SENDER: _Meaning(
        lambda values, _actor, _today: _among(Handover.sender_id, values),
        lambda handover, values, _today: handover.sender_id in values,
    ),
    Relation.ADDRESSEE: _Meaning(
        lambda values, _actor, _today: _addressed(values),
        lambda handover, values, _today: _is_addressed(handover, values),
    ),
    Relation.ADDRESSEE_IN_TALK: _Meaning(
        lambda values, _actor, _today: and_(
            _addressed(values), or_(Handover.state.in_(PENDING_HANDOVER), _in_force())
        ),
        lambda handover, values, _today: (
            _is_addressed(handover, values)
            and (handover.stage in PENDING_HANDOVER or _is_in_force(handover))
        ),
    ),
    Relation.ADDRESSEE_IN_FORCE: _Meaning(
        lambda values, _actor, _today: and_(_addressed(values), _in_force()),
        lambda handover, values, _today: _is_addressed(handover, values) and _is_in_force(handover),
    ),
    Relation.ANYWHERE: _Meaning(
        lambda _values, _actor, _today: true(),
        lambda _case, _values, _today: True,
    ),
    Relation.OWN_CENTRE: _Meaning(
        lambda values, _actor, _today: _among(Case.centre_id, values),
        lambda case, values, _today: case.centre_id in values,
    ),
    Relation.OWN_REGION: _Meaning(
        lambda values, _actor, _today: _among(Case.region_id, values),
        lambda case, values, _today: case.region_id in values,
    ),
    Relation.REGION_WITHOUT_CENTRE: _Meaning(
        lambda values, _actor, _today: and_(
            Case.centre_id.is_(None), _among(Case.region_id, values)
        ),
        lambda case, values, _today: case.centre_id is None and case.region_id in values,
    ),
    Relation.WARD: _Meaning(
        lambda values, _actor, _today: _among(Case.guardian_id, values),
        lambda case, values, _today: case.guardian_id in values,
    ),
    Relation.LINKED_MUNICIPALITY: _Meaning(
        lambda values, _actor, _today: and_(
            _among(Case.municipality_code, values), Case.state.in_(sorted(LIVE_STATES))
        ),
        lambda case, values, _today: (
            case.municipality_code in values and case.state not in FINISHED
        ),
        by_area=True,
    ),
    Relation.HOUSED_HERE: _Meaning(
        lambda values, _actor, today: and_(
            _among(Case.municipality_code, values),
            Case.outcome_access_until >= today,
        ),
        _is_housed_here,
        by_area=True,
    ),
    Relation.OWN_MUNICIPALITY: _Meaning(
        lambda values, _actor, _today: _among(Case.municipality_code, values),
        lambda case, values, _today: case.municipality_code in values,
        by_area=True,
    ),
    # A province has municipalities under its care, and no case.
    Relation.OWN_PROVINCE: _Meaning(
        lambda _values, _actor, _today: false(),
        lambda _case, _values, _today: False,
        by_area=True,
    ),
    Relation.STATED_REASON: _Meaning(
        _has_stated_reason,
        lambda _case, _values, _today: False,
    ),
}
