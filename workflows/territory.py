"""For which municipalities an actor has a permission: all, those of a province, or its own."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models import Municipality
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission, Relation


@dataclass(frozen=True, slots=True)
class Territory:
    """The municipalities within an actor's reach."""

    everywhere: bool
    municipalities: frozenset[str]
    provinces: frozenset[str]

    def clause(self, code: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Return the SQL filter over a column of municipality codes."""
        if self.everywhere:
            return true()
        clauses: list[ColumnElement[bool]] = []
        if self.municipalities:
            clauses.append(code.in_(sorted(self.municipalities)))
        if self.provinces:
            within = select(Municipality.code).where(
                Municipality.province_code.in_(sorted(self.provinces))
            )
            clauses.append(code.in_(within))
        return or_(*clauses) if clauses else false()

    def codes(self, connection: Connection) -> frozenset[str]:
        """Return the codes of the municipalities within reach."""
        return frozenset(
            connection.scalars(select(Municipality.code).where(self.clause(Municipality.code)))
        )

    def demand(self, connection: Connection, code: str) -> None:
        """Raise `NotFound` unless a municipality lies within reach."""
        found = connection.scalar(
            select(Municipality.code).where(
                Municipality.code == code, self.clause(Municipality.code)
            )
        )
        if found is None:
            raise NotFound


def territory(actor: Actor, permission: Permission) -> Territory:
    """Return where an actor has a permission; raises `NotFound` when it has it nowhere."""
    policy.demand(actor, permission)
    reaches = policy.reaches(actor, permission)
    codes = {
        relation: frozenset(
            str(value) for reach in reaches if reach.relation is relation for value in reach.values
        )
        for relation in (Relation.OWN_MUNICIPALITY, Relation.OWN_PROVINCE)
    }
    return Territory(
        everywhere=any(reach.relation is Relation.ANYWHERE for reach in reaches),
        municipalities=codes[Relation.OWN_MUNICIPALITY],
        provinces=codes[Relation.OWN_PROVINCE],
    )
