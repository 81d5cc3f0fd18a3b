"""Webhooks and keys of organisations' own systems, kept by who manages them; audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select, update

from models import ApiToken, Organisation, Webhook
from models.vocabulary import OrganisationKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.moment import Moment
from workflows.notices.topics import TOPICS
from workflows.permissions import Permission
from workflows.trail import now, record_audit

# Organisations that are told of cases and may read them.
LISTENERS = frozenset(
    {
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.RECEPTION_CENTRE,
        OrganisationKind.COA_REGION,
        OrganisationKind.GUARDIAN,
    }
)
LONGEST_URL = 500
LONGEST_NAME = 80
# So long after a new secret, messages bear a signature of the earlier one too.
EARLIER_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wish:
    """A webhook as somebody typed it; the organisation is named."""

    organisation: str
    url: str
    topics: Sequence[str]


def add_webhook(
    connection: Connection, actor: Actor, wish: Wish, moment: Moment, *, plain: bool = False
) -> str:
    """Let an organisation be called about topics, and return the webhook's reference.

    `plain` allows an address without TLS. Raises `NotFound` or `Refused`.
    """
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    reference = moment.new_reference()
    connection.execute(
        insert(Webhook).values(
            reference=reference,
            organisation_id=_listener(connection, wish.organisation),
            url=_checked_url(wish.url, plain=plain),
            topics=_checked_topics(wish.topics),
            made_at=now(connection, moment),
        )
    )
    fields = ("organisation", "topics", "url")
    record_audit(
        connection, moment, actor.user_id, "webhook_added", subject=reference, fields=fields
    )
    return reference


def renew_secret(connection: Connection, actor: Actor, reference: str, moment: Moment) -> int:
    """Give a webhook a new secret and return its version; the earlier holds for a day more.

    Raises `NotFound` without the right or the webhook.
    """
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    version: int | None = connection.scalar(
        update(Webhook)
        .where(Webhook.reference == reference)
        .values(
            secret_version=Webhook.secret_version + 1,
            earlier_until=now(connection, moment) + EARLIER_FOR,
        )
        .returning(Webhook.secret_version)
    )
    if version is None:
        raise NotFound
    record_audit(connection, moment, actor.user_id, "webhook_secret_renewed", subject=reference)
    return version


def set_webhook_active(
    connection: Connection, actor: Actor, reference: str, moment: Moment, *, active: bool
) -> None:
    """Let a webhook be called, or no longer; what waits for a stopped one is given up.

    Raises `NotFound` without the right or the webhook.
    """
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    changed = connection.execute(
        update(Webhook).where(Webhook.reference == reference).values(active=active)
    )
    if changed.rowcount == 0:
        raise NotFound
    action = "webhook_started" if active else "webhook_stopped"
    record_audit(connection, moment, actor.user_id, action, subject=reference)


def add_token(
    connection: Connection,
    actor: Actor,
    organisation: str,
    name: str,
    token_hash: bytes,
    *,
    moment: Moment,
) -> None:
    """Give an organisation's system a key, of which only the hash comes in; raises `Refused`."""
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise Refused("name", "Vul een naam in van ten hoogste 80 tekens.", "name")
    reference = moment.new_reference()
    connection.execute(
        insert(ApiToken).values(
            reference=reference,
            organisation_id=_listener(connection, organisation),
            name=name.strip(),
            token_hash=token_hash,
            made_at=now(connection, moment),
        )
    )
    record_audit(connection, moment, actor.user_id, "api_token_added", subject=reference)


def revoke_token(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """End a key for good; raises `NotFound`."""
    policy.demand(actor, Permission.MANAGE_WEBHOOKS)
    changed = connection.execute(
        update(ApiToken)
        .where(ApiToken.reference == reference, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now(connection, moment))
    )
    if changed.rowcount == 0:
        raise NotFound
    record_audit(connection, moment, actor.user_id, "api_token_revoked", subject=reference)


def _listener(connection: Connection, name: str) -> int:
    rows = connection.execute(
        select(Organisation.id, Organisation.kind).where(
            func.lower(Organisation.name) == name.strip().lower()
        )
    )
    fitting = [row[0] for row in rows if row[1] in LISTENERS]
    if not fitting:
        raise Refused(
            "organisation",
            "Kies een gemeente, opvanglocatie, regio van COA of Nidos uit de lijst.",
            "organisation",
        )
    return fitting[0]


def _checked_url(url: str, *, plain: bool) -> str:
    typed = url.strip()
    scheme, _, rest = typed.partition("://")
    allowed = {"https", "http"} if plain else {"https"}
    fits = typed.isascii() and typed.isprintable() and len(typed) <= LONGEST_URL
    if scheme not in allowed or not rest or not fits or " " in typed or "@" in rest:
        raise Refused(
            "url",
            "Vul een adres in dat begint met https:// en geen naam of wachtwoord bevat.",
            "url",
        )
    return typed


def _checked_topics(topics: Sequence[str]) -> list[str]:
    chosen = [topic for topic in TOPICS if topic in set(topics)]
    if not chosen:
        raise Refused("topics", "Kies ten minste één onderwerp.", "topics")
    return chosen
