"""In whose name the program itself acts: an account that can never sign in."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from models import Organisation, User
from models.vocabulary import OrganisationKind, Role
from workflows.actor import Actor, HeldGrant
from workflows.moment import Moment

EMAIL = "programma@thuisroute.invalid"
NAME = "Thuisroute"


def program_actor(connection: Connection, moment: Moment) -> Actor | None:
    """Return the program as an actor with the rights of who keeps it running.

    Its account is made at the first use, closed and without a password. None where nothing is
    installed yet. The caller commits.
    """
    agency = connection.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.COA)
        .order_by(Organisation.id)
        .limit(1)
    ).one_or_none()
    if agency is None:
        return None
    connection.execute(
        insert(User)
        .values(
            reference=moment.new_reference(),
            email=EMAIL,
            name=NAME,
            password_hash="none",  # noqa: S106 - no password has this hash
            active=False,
        )
        .on_conflict_do_nothing(index_elements=[User.email])
    )
    key: int = connection.execute(select(User.id).where(User.email == EMAIL)).scalar_one()
    grants = (HeldGrant(Role.FUNCTIONAL_MANAGER, agency[0], agency[1]),)
    return Actor(key, NAME, grants)
