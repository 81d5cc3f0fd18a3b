"""Where a visitor may arrange a substitution."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from models import Grant, Organisation
from models.vocabulary import Role
from workflows.actor import Actor
from workflows.held_grants import STANDING_IN


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation to choose by reference."""

    code: str
    name: str
    id: int


def workplaces(connection: Connection, actor: Actor) -> list[Workplace]:
    """Return the organisations where the actor works on cases; an administrator sees all."""
    statement = select(Organisation.reference, Organisation.name, Organisation.id)
    if Role.ADMINISTRATOR in actor.roles:
        statement = statement.where(
            Organisation.id.in_(select(Grant.organisation_id).where(Grant.role.in_(STANDING_IN)))
        )
    else:
        own = [each.organisation_id for each in actor.grants if each.absent_id is None]
        statement = statement.where(Organisation.id.in_(own))
    return [Workplace(*row) for row in connection.execute(statement.order_by(Organisation.name))]
