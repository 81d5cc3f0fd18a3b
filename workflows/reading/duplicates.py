"""Households that may be the same as one that is offered to an organisation."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from models import Case, Membership, Person
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission

_OFFERED, _KNOWN = aliased(Person), aliased(Person)
_THERE, _HERE = aliased(Membership), aliased(Membership)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody who may be known already: by which sign, and in which of the actor's own cases."""

    name: str
    birth_date: date
    sign: str
    case_reference: str
    case_state: str


def duplicates_of(
    connection: Connection, actor: Actor, case_id: int, today: date
) -> list[Duplicate]:
    """Return members of a case who also stand in another case that the actor may see.

    They match by V-number, by BSN, or by name and date of birth.
    """
    number = or_(_KNOWN.id == _OFFERED.id, _KNOWN.v_number == _OFFERED.v_number)
    bsn = _KNOWN.bsn == _OFFERED.bsn
    name = and_(_KNOWN.birth_date == _OFFERED.birth_date, _KNOWN.sort_name == _OFFERED.sort_name)
    rows = connection.execute(
        select(
            (_KNOWN.given_names + " " + _KNOWN.family_name),
            _KNOWN.birth_date,
            case((number, "v_number"), (bsn, "bsn"), else_="name"),
            Case.reference,
            Case.state,
        )
        .select_from(_HERE)
        .join(_OFFERED, _OFFERED.id == _HERE.person_id)
        .join(_KNOWN, or_(number, bsn, name))
        .join(_THERE, _THERE.person_id == _KNOWN.id)
        .join(Case, Case.id == _THERE.case_id)
        .where(
            _HERE.case_id == case_id,
            _HERE.left_on.is_(None),
            Case.id != case_id,
            policy.visible(actor, Permission.VIEW_CASE, today),
        )
        .order_by(func.lower(_KNOWN.family_name), Case.id)
    )
    return [Duplicate(*row) for row in rows]
