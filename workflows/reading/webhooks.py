"""Webhooks and keys of organisations' own systems, for who manages them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models import ApiToken, Organisation, Webhook
from workflows import policy
from workflows.actor import Actor
from workflows.notices.webhooks import LISTENERS
from workflows.permissions import Permission


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook of an organisation."""

    reference: str
    organisation: str
    url: str
    topics: list[str]
    active: bool
    secret_version: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A key of an organisation's system."""

    reference: str
    organisation: str
    name: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_WEBHOOKS = select(
    Webhook.reference,
    Organisation.name,
    Webhook.url,
    Webhook.topics,
    Webhook.active,
    Webhook.secret_version,
    Webhook.made_at,
).join(Organisation, Organisation.id == Webhook.organisation_id)


def webhooks(connection: Connection, actor: Actor) -> list[WebhookRow]:
    """Return all webhooks by organisation; raises `NotFound` without the right."""
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    rows = connection.execute(_WEBHOOKS.order_by(Organisation.name, Webhook.id))
    return [WebhookRow(*row) for row in rows]


def tokens(connection: Connection, actor: Actor) -> list[TokenRow]:
    """Return all keys by organisation, those that work first; raises `NotFound` for others."""
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    rows = connection.execute(
        select(
            ApiToken.reference,
            Organisation.name,
            ApiToken.name,
            ApiToken.made_at,
            ApiToken.used_at,
            ApiToken.revoked_at,
        )
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .order_by(ApiToken.revoked_at.is_not(None), Organisation.name, ApiToken.id)
    )
    return [TokenRow(*row) for row in rows]


def listeners(connection: Connection, actor: Actor) -> list[str]:
    """Return the names of who can have a webhook; raises `NotFound` without the right."""
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    return list(
        connection.scalars(
            select(Organisation.name)
            .where(Organisation.kind.in_(sorted(LISTENERS)))
            .order_by(Organisation.name)
        )
    )
