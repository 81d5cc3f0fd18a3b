"""What an administrator does with users: grants, passwords, closing an account; all audited."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from models import Case, Grant, Municipality, Organisation, User
from models.vocabulary import LIVE_STATES, OrganisationKind, Role
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.sign_in import revoke_sessions
from workflows.trail import record_audit
from workflows.users import NewUser, add_users
from workflows.validity import holds_after, holds_on

_COA = frozenset({OrganisationKind.COA, OrganisationKind.COA_REGION})
_CENTRE = frozenset({OrganisationKind.RECEPTION_CENTRE})
_MUNICIPALITY = frozenset({OrganisationKind.MUNICIPALITY})
# A role is held where its relations have meaning.
FITTING: dict[Role, frozenset[OrganisationKind]] = {
    Role.CASE_MANAGER: _CENTRE,
    Role.PLACEMENT_OFFICER: frozenset({OrganisationKind.COA_REGION}),
    Role.MUNICIPAL_OFFICER: _MUNICIPALITY,
    Role.COORDINATOR: _CENTRE | _MUNICIPALITY | {OrganisationKind.COA_REGION},
    Role.MANAGER: _COA | {OrganisationKind.MINISTRY},
    Role.SUPERVISOR: frozenset({OrganisationKind.PROVINCE, OrganisationKind.MINISTRY}),
    Role.QUOTA_OFFICER: frozenset({OrganisationKind.MINISTRY}),
    Role.AUDITOR: _COA | {OrganisationKind.MINISTRY},
    Role.ADMINISTRATOR: _COA | {OrganisationKind.MINISTRY},
    Role.FUNCTIONAL_MANAGER: _COA | {OrganisationKind.MINISTRY},
    Role.GUARDIAN: frozenset({OrganisationKind.GUARDIAN}),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A user as the administrator's pages name one."""

    user_id: int
    reference: str


def find_holder(connection: Connection, actor: Actor, reference: str) -> Holder:
    """Return a user by reference; raises `NotFound`."""
    policy.demand(actor, Permission.MANAGE_USERS)
    user_id = connection.scalar(select(User.id).where(User.reference == reference))
    if user_id is None:
        raise NotFound
    return Holder(user_id, reference)


def create_user(connection: Connection, actor: Actor, new: NewUser, moment: Moment) -> None:
    """Make a user without grants; raises `NotFound` or `Refused`."""
    policy.demand(actor, Permission.MANAGE_USERS)
    email = new.email.strip().lower()
    if "@" not in email or not email.isascii() or not email.isprintable() or " " in email:
        raise Refused("email", "Vul een geldig e-mailadres in.", "email")
    if not 1 <= len(new.name.strip()) <= 200 or not new.name.isprintable():  # noqa: PLR2004 - as the table's CHECK
        raise Refused("name", "Vul een naam in van ten hoogste 200 tekens.", "name")
    keys = add_users(connection, [new], moment, valid_from=moment.today)
    reference = connection.scalar(select(User.reference).where(User.id == keys[email]))
    record_audit(connection, moment, actor.user_id, "user_added", subject=reference)


def grant_role(
    connection: Connection,
    actor: Actor,
    holder: Holder,
    role: Role,
    *,
    organisation: str,
    moment: Moment,
) -> None:
    """Give a user a role in an organisation from today; raises `Refused`."""
    policy.demand(actor, Permission.MANAGE_USERS)
    row = connection.execute(
        select(Organisation.id, Organisation.kind).where(
            or_(
                Organisation.reference == organisation,
                func.lower(Organisation.name) == organisation.strip().lower(),
            )
        )
    ).all()
    fitting = [each for each in row if OrganisationKind(each[1]) in FITTING[role]]
    if not fitting:
        raise Refused(
            "organisation", "Deze rol past niet bij een organisatie met deze naam.", "organisation"
        )
    held = connection.scalar(
        select(Grant.id).where(
            Grant.user_id == holder.user_id,
            Grant.role == role,
            Grant.organisation_id == fitting[0][0],
            holds_after(Grant, moment.today),
        )
    )
    if held is not None:
        raise Refused("held", "Deze gebruiker heeft deze rol daar al.", "role")
    connection.execute(
        insert(Grant).values(
            user_id=holder.user_id,
            role=role,
            organisation_id=fitting[0][0],
            valid_from=moment.today,
        )
    )
    record_audit(
        connection, moment, actor.user_id, "role_granted", subject=holder.reference, fields=(role,)
    )


def end_grant(
    connection: Connection, actor: Actor, holder: Holder, grant_id: int, moment: Moment
) -> None:
    """End a grant from today on; raises `NotFound` or `Refused`."""
    policy.demand(actor, Permission.MANAGE_USERS)
    row = one_row(
        connection,
        select(Grant.role, Grant.valid_from, Grant.valid_until)
        .where(Grant.id == grant_id, Grant.user_id == holder.user_id)
        .with_for_update(key_share=True),
    )
    if holder.user_id == actor.user_id and row[0] == Role.ADMINISTRATOR:
        raise Refused("own", "U kunt uw eigen rol van beheerder niet beëindigen.")
    if _works_through(connection, holder.user_id, grant_id, moment.today):
        raise Refused(
            "open_work",
            "Deze gebruiker heeft bij deze organisatie nog open werk. Wijs dat eerst toe.",
        )
    if row[1] >= moment.today:
        raise Refused("today", "Deze rol is vandaag gegeven. Sluit zo nodig het account.")
    connection.execute(update(Grant).where(Grant.id == grant_id).values(valid_until=moment.today))
    record_audit(
        connection, moment, actor.user_id, "role_ended", subject=holder.reference, fields=(row[0],)
    )


def set_password(
    connection: Connection, actor: Actor, holder: Holder, password_hash: str, moment: Moment
) -> None:
    """Give a user a new password, forget the second factor and end all sessions.

    Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.MANAGE_USERS)
    connection.execute(
        update(User)
        .where(User.id == holder.user_id)
        .values(
            password_hash=password_hash, second_factor_secret=None, second_factor_last_step=None
        )
    )
    revoke_sessions(connection, holder.user_id)
    record_audit(connection, moment, actor.user_id, "password_reset", subject=holder.reference)


def set_active(
    connection: Connection, actor: Actor, holder: Holder, moment: Moment, *, active: bool
) -> None:
    """Open or close an account; raises `Refused` for one's own."""
    policy.demand(actor, Permission.MANAGE_USERS)
    if holder.user_id == actor.user_id:
        raise Refused("own", "U kunt uw eigen account niet sluiten.")
    if not active and _has_open_work(connection, holder.user_id):
        raise Refused("open_work", "Deze gebruiker heeft nog open werk. Draag dat eerst over.")
    connection.execute(update(User).where(User.id == holder.user_id).values(active=active))
    revoke_sessions(connection, holder.user_id)
    action = "account_opened" if active else "account_closed"
    record_audit(connection, moment, actor.user_id, action, subject=holder.reference)


def _has_open_work(connection: Connection, user_id: int) -> bool:
    held = or_(Case.assignee_id == user_id, Case.municipal_contact_id == user_id)
    found = select(Case.id).where(held, Case.state.in_(LIVE_STATES)).limit(1)
    return connection.scalar(found) is not None


def _works_through(connection: Connection, user_id: int, grant_id: int, today: date) -> bool:
    """Tell whether a grant is the last by which a user has open work at its organisation."""
    organisation = select(Grant.organisation_id).where(Grant.id == grant_id).scalar_subquery()
    other = select(Grant.id).where(
        Grant.user_id == user_id,
        Grant.id != grant_id,
        Grant.organisation_id == organisation,
        holds_on(Grant, today),
    )
    if connection.scalar(other.limit(1)) is not None:
        return False
    linked = (
        select(Municipality.organisation_id)
        .where(Municipality.code == Case.municipality_code)
        .scalar_subquery()
    )
    held = or_(
        and_(
            Case.assignee_id == user_id,
            func.coalesce(Case.centre_id, Case.region_id) == organisation,
        ),
        and_(Case.municipal_contact_id == user_id, linked == organisation),
    )
    found = select(Case.id).where(held, Case.state.in_(LIVE_STATES)).limit(1)
    return connection.scalar(found) is not None
