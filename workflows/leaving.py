"""Closing the account of somebody who leaves: all open work gets another holder first."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from models import Case, Municipality, Organisation, User
from models.vocabulary import LIVE_STATES, Role
from workflows import policy
from workflows.actor import Actor, HeldGrant
from workflows.administration import Holder
from workflows.engine import take_many
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.request import Request
from workflows.sign_in import revoke_sessions
from workflows.steps import BY_CODE
from workflows.trail import record_audit


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The open cases that a user has in hand for one organisation."""

    organisation_id: int
    reference: str
    name: str
    area_code: str | None
    cases: tuple[str, ...]


def open_work(connection: Connection, user_id: int) -> list[OpenWork]:
    """Return the open work of a user by organisation: the agency's and a municipality's apart."""
    agency, linked = func.coalesce(Case.centre_id, Case.region_id), aliased(Municipality)
    rows = connection.execute(
        select(
            Organisation.id,
            Organisation.reference,
            Organisation.name,
            Municipality.code,
            func.array_agg(Case.reference),
        )
        .select_from(Case)
        .join(
            Organisation,
            or_(
                and_(Case.assignee_id == user_id, Organisation.id == agency),
                and_(
                    Case.municipal_contact_id == user_id,
                    Organisation.id
                    == select(linked.organisation_id)
                    .where(linked.code == Case.municipality_code)
                    .scalar_subquery(),
                ),
            ),
        )
        .outerjoin(Municipality, Municipality.organisation_id == Organisation.id)
        .where(
            or_(Case.assignee_id == user_id, Case.municipal_contact_id == user_id),
            Case.state.in_(LIVE_STATES),
        )
        .group_by(Organisation.id, Municipality.code)
        .order_by(Organisation.name)
    )
    return [OpenWork(row[0], row[1], row[2], row[3], tuple(sorted(row[4]))) for row in rows]


def close_account(
    connection: Connection,
    actor: Actor,
    holder: Holder,
    receivers: Mapping[str, str | None],
    moment: Moment,
) -> int:
    """Hand all open work of a user over, and close the account: all or nothing.

    `receivers` gives per organisation (by reference) the colleague who takes the work on, or
    None for what nobody has in hand. Returns how many cases went over; the caller commits.
    Raises `Refused`, or `BatchRefusedError` with the reason of each case that could not go over.
    """
    policy.demand(actor, Permission.MANAGE_USERS)
    if holder.user_id == actor.user_id:
        raise Refused("own", "U kunt uw eigen account niet sluiten.")
    work = open_work(connection, holder.user_id)
    asked = [
        Request(BY_CODE["assign"], _coordinating(actor, each), {"colleague": colleague}, case)
        for each in work
        for colleague in (_receiver(each, receivers),)
        for case in each.cases
    ]
    take_many(connection, asked, moment, all_or_nothing=True)
    # Whoever is assigning work to the leaver at this moment is waited for here, and counts.
    connection.execute(select(User.id).where(User.id == holder.user_id).with_for_update())
    if open_work(connection, holder.user_id):
        raise Refused(
            "open_work", "Er kwam zojuist werk bij. Kijk het overzicht na en probeer het opnieuw."
        )
    connection.execute(update(User).where(User.id == holder.user_id).values(active=False))
    revoke_sessions(connection, holder.user_id)
    record_audit(connection, moment, actor.user_id, "account_closed", subject=holder.reference)
    return len(asked)


def _receiver(work: OpenWork, receivers: Mapping[str, str | None]) -> str | None:
    if work.reference not in receivers:
        raise Refused("receiver", "Kies wie het werk overneemt.", work.reference)
    return receivers[work.reference]


def _coordinating(actor: Actor, work: OpenWork) -> Actor:
    """Return the administrator as coordinator of one organisation, for this hand-over only.

    An administrator sees no cases; closing an account is the one act that must move them.
    """
    grant = HeldGrant(Role.COORDINATOR, work.organisation_id, work.name, work.area_code)
    return Actor(actor.user_id, actor.name, (grant,))
