"""The program as a placement officer of every region, for runs that no person starts."""

from sqlalchemy import Connection, select

from models import Organisation
from models.vocabulary import OrganisationKind, Role
from workflows.actor import Actor, HeldGrant
from workflows.moment import Moment
from workflows.program_actor import program_actor


def program_placement_officer(connection: Connection, moment: Moment) -> Actor:
    """Return the program with the right to propose anywhere; LookupError before installation.

    It proposes only: the step that links demands a person.
    """
    program = program_actor(connection, moment)
    regions = connection.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.kind == OrganisationKind.COA_REGION
        )
    )
    grants = tuple(HeldGrant(Role.PLACEMENT_OFFICER, key, name) for key, name in regions)
    return Actor(program.user_id, program.name, grants)
