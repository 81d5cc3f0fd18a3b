"""What an organisation's own system may read of a message that it was told of."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models import ApiToken, Case, Delivery, Municipality, Organisation, Outbox, Webhook
from models.vocabulary import OrganisationKind, Role
from workflows.actor import Actor, HeldGrant
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.reading.case import find_case, members_of
from workflows.trail import now, record_system_read

# As whom a system reads: as somebody of its organisation who works on cases, and no more.
_AS = {
    OrganisationKind.MUNICIPALITY: Role.MUNICIPAL_OFFICER,
    OrganisationKind.RECEPTION_CENTRE: Role.CASE_MANAGER,
    OrganisationKind.COA_REGION: Role.PLACEMENT_OFFICER,
    OrganisationKind.GUARDIAN: Role.GUARDIAN,
}
_NOBODY = 0
_CASE_FIELDS = (
    "reference", "kind", "state", "version", "household_type", "persons", "expected_members",
    "expected_month", "functional_needs", "linked_on", "scenario", "due_on", "move_planned_on",
    "title_on", "housed_on",
)  # fmt: skip
_MEMBER_FIELDS = (
    "reference", "role", "given_names", "family_name", "v_number", "bsn", "birth_date", "sex",
    "nationality", "languages", "joined_on", "housed_on",
)  # fmt: skip
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class System:
    """An organisation's own system, known by its key."""

    token_id: int
    organisation_id: int
    actor: Actor


def system_of(connection: Connection, token_hash: bytes, moment: Moment) -> System | None:
    """Return the system whose key this is the hash of; None for an unknown or revoked one."""
    row = connection.execute(
        select(
            ApiToken.id,
            ApiToken.used_at,
            Organisation.id,
            Organisation.kind,
            Organisation.name,
            Municipality.code,
        )
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .outerjoin(Municipality, Municipality.organisation_id == Organisation.id)
        .where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    token, used_at, organisation, kind, name, area = row
    _note_use(connection, token, used_at, now(connection, moment))
    grant = HeldGrant(_AS[OrganisationKind(kind)], organisation, name, area)
    return System(token, organisation, Actor(_NOBODY, name, (grant,)))


def _note_use(connection: Connection, token: int, used_at: datetime | None, at: datetime) -> None:
    if used_at is None or used_at < at - _NOTED_EVERY:
        connection.execute(update(ApiToken).where(ApiToken.id == token).values(used_at=at))


def told(connection: Connection, system: System, reference: str, moment: Moment) -> dict[str, Any]:
    """Return what happened and the case as it stands now, and log that it was read.

    Raises `NotFound` for a message to another organisation, and for a case that this one may not
    see (any more).
    """
    row = one_row(
        connection,
        select(Outbox.topic, Outbox.recorded_at, Case.reference)
        .join(Delivery, Delivery.outbox_id == Outbox.id)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .join(Case, Case.id == Outbox.case_id)
        .where(
            Delivery.reference == reference,
            Webhook.organisation_id == system.organisation_id,
            Outbox.organisation_id == system.organisation_id,
        ),
    )
    case = find_case(connection, system.actor, row[2], moment.today)
    members = [each for each in members_of(connection, case) if each.present]
    record_system_read(connection, moment, system.token_id, "webhook", case.id)
    return {
        "id": reference,
        "topic": row[0],
        "recorded_at": row[1],
        "case": _known({name: getattr(case, name) for name in _CASE_FIELDS})
        | {"municipality": case.municipality_name},
        "members": [
            _known({name: value for name, value in asdict(each).items() if name in _MEMBER_FIELDS})
            for each in members
        ],
    }


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known, or not for this reader."""
    return {name: value for name, value in values.items() if value is not None}
