"""Deliveries with their attempts, for the functional manager."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from models import Delivery, DeliveryAttempt, Organisation, Outbox, User, Webhook
from models.vocabulary import DeliveryStatus
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.notices.topics import TOPICS
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.trail import now

PAGE = 50


class Selection(StrEnum):
    """Which deliveries to list."""

    DEAD = "dead"
    FAILING = "failing"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery with its last attempt; the receiver is a user's name or a webhook's address."""

    reference: str
    channel: str
    status: str
    organisation: str
    receiver: str
    topic: str
    recorded_at: datetime
    attempts: int
    next_attempt_at: datetime
    outcome: str | None
    detail: str | None

    @property
    def text(self) -> str:
        """The Dutch msgid of what it is about."""
        return TOPICS[self.topic].text if self.topic in TOPICS else self.topic


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt; without an end the worker died, or is still at it."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    detail: str | None


_LAST = aliased(DeliveryAttempt)
_ROWS = (
    select(
        Delivery.reference,
        Delivery.channel,
        Delivery.status,
        Organisation.name,
        func.coalesce(User.name, Webhook.url),
        Outbox.topic,
        Outbox.recorded_at,
        Delivery.attempts,
        Delivery.next_attempt_at,
        _LAST.outcome,
        _LAST.detail,
    )
    .join(Outbox, Outbox.id == Delivery.outbox_id)
    .join(Organisation, Organisation.id == Outbox.organisation_id)
    .outerjoin(User, User.id == Delivery.user_id)
    .outerjoin(Webhook, Webhook.id == Delivery.webhook_id)
    .outerjoin(_LAST, and_(_LAST.delivery_id == Delivery.id, _LAST.number == Delivery.attempts))
)
_CONDITIONS = {
    Selection.DEAD: (Delivery.status == DeliveryStatus.DEAD,),
    Selection.FAILING: (Delivery.status == DeliveryStatus.WAITING, Delivery.attempts > 0),
    Selection.ALL: (),
}


def deliveries(
    connection: Connection, actor: Actor, selection: Selection, after: str | None
) -> list[DeliveryRow]:
    """Return a page of deliveries, the newest first; one more than a page holds.

    Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.MANAGE_DELIVERIES)
    statement = _ROWS.where(*_CONDITIONS[selection])
    if after:
        position = select(Delivery.id).where(Delivery.reference == after).scalar_subquery()
        statement = statement.where(Delivery.id < position)
    rows = connection.execute(statement.order_by(Delivery.id.desc()).limit(PAGE + 1))
    return [DeliveryRow(*row) for row in rows]


def delivery_with_attempts(
    connection: Connection, actor: Actor, reference: str
) -> tuple[DeliveryRow, list[AttemptRow]]:
    """Return a delivery and all its attempts, the newest first; raises `NotFound`."""
    policy.demand(actor, Permission.MANAGE_DELIVERIES)
    row = one_row(connection, _ROWS.where(Delivery.reference == reference))
    attempts = connection.execute(
        select(
            DeliveryAttempt.number,
            DeliveryAttempt.started_at,
            DeliveryAttempt.ended_at,
            DeliveryAttempt.outcome,
            DeliveryAttempt.detail,
        )
        .join(Delivery, Delivery.id == DeliveryAttempt.delivery_id)
        .where(Delivery.reference == reference)
        .order_by(DeliveryAttempt.number.desc())
    )
    return DeliveryRow(*row), [AttemptRow(*each) for each in attempts]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits and what failed: the numbers of the screen and of the metrics.

    `oldest_at` is when the oldest message was recorded that some receiver still waits for.
    """

    unplanned: int
    waiting: int
    failing: int
    dead: int
    kept: int
    oldest_at: datetime | None


def backlog(connection: Connection, moment: Moment) -> Backlog:
    """Return the numbers; they name nobody, so they ask for no right."""
    waiting = Delivery.status == DeliveryStatus.WAITING
    counts = connection.execute(
        select(
            func.count().filter(waiting),
            func.count().filter(waiting, Delivery.attempts > 0),
            func.count().filter(Delivery.status == DeliveryStatus.DEAD),
            func.count().filter(Delivery.status == DeliveryStatus.KEPT),
        ).where(Delivery.status != DeliveryStatus.DELIVERED)
    ).one()
    unplanned, oldest = connection.execute(
        select(func.count(), func.min(Outbox.recorded_at)).where(Outbox.planned_at.is_(None))
    ).one()
    # A digest is not late before its hour.
    undelivered = connection.scalar(
        select(func.min(Delivery.tried_from)).where(
            waiting, Delivery.tried_from <= now(connection, moment)
        )
    )
    instants = [each for each in (oldest, undelivered) if each is not None]
    return Backlog(unplanned, *counts, min(instants, default=None))
