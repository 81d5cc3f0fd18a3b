"""The program itself as an actor: for what a term brings about and nobody decides."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from models import Organisation, User
from models.vocabulary import OrganisationKind, Role
from workflows.actor import Actor, HeldGrant
from workflows.moment import Moment

# A domain that can never be (RFC 2606), so that no message ever leaves for it.
EMAIL = "programma@thuisroute.invalid"
NAME = "Thuisroute"
NO_PASSWORD = "none: nobody signs in as the program"  # noqa: S105 - no hash is ever equal to it


def program_actor(connection: Connection, moment: Moment) -> Actor:
    """Return the program as a functional manager of the reception agency.

    Its account is made when first needed and stays closed; the grant is held here and nowhere
    stored, so that nobody can ever act by it. LookupError before anything was installed.
    """
    agency = connection.execute(
        select(Organisation.id, Organisation.name).where(Organisation.kind == OrganisationKind.COA)
    ).first()
    if agency is None:
        message = "there is no reception agency to act for"
        raise LookupError(message)
    connection.execute(
        insert(User)
        .values(
            reference=moment.new_reference(),
            email=EMAIL,
            name=NAME,
            password_hash=NO_PASSWORD,
            active=False,
        )
        .on_conflict_do_nothing(index_elements=[User.email])
    )
    key = connection.scalars(select(User.id).where(User.email == EMAIL)).one()
    return Actor(key, NAME, (HeldGrant(Role.FUNCTIONAL_MANAGER, agency.id, agency.name),))
