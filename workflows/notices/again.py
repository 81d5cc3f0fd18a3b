"""Sends deliveries again that were given up or still fail; audited."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, select, update

from models import Delivery
from models.vocabulary import DeliveryStatus
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.notices.outbox import ring_after_commit
from workflows.permissions import Permission
from workflows.trail import now, record_audit

# What was delivered is not sent again: nobody waits for it.
_OPEN = (DeliveryStatus.WAITING, DeliveryStatus.DEAD)


def send_again(
    connection: Connection, actor: Actor, references: Sequence[str], moment: Moment
) -> int:
    """Let deliveries, by reference, be tried at once and for 72 hours more; returns how many.

    They keep their key, so that a receiver that got one after all applies it once. A digest goes
    as a whole. Raises `NotFound` for who may not.
    """
    policy.demand(actor, Permission.MANAGE_DELIVERIES)
    named = select(Delivery.envelope).where(
        Delivery.reference.in_(references), Delivery.status.in_(_OPEN)
    )
    return _revive(connection, actor, moment, named)


def send_all_again(connection: Connection, actor: Actor, moment: Moment) -> int:
    """Do the same for every delivery that was given up.

    Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.MANAGE_DELIVERIES)
    dead = select(Delivery.envelope).where(Delivery.status == DeliveryStatus.DEAD)
    return _revive(connection, actor, moment, dead)


def _revive(
    connection: Connection, actor: Actor, moment: Moment, envelopes: Select[str | None]
) -> int:
    at = now(connection, moment)
    revived = connection.scalars(
        update(Delivery)
        .where(Delivery.envelope.in_(envelopes), Delivery.status.in_(_OPEN))
        .values(status=DeliveryStatus.WAITING, tried_from=at, next_attempt_at=at)
        .returning(Delivery.reference)
    ).all()
    if revived:
        record_audit(
            connection,
            moment,
            actor.user_id,
            "send_again",
            subject=revived[0] if len(revived) == 1 else None,
            fields=tuple(sorted(revived)),
        )
        ring_after_commit(connection)
    return len(revived)
