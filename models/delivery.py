"""What leaves the program: one delivery per message and receiver, with each attempt."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import Channel, DeliveryOutcome, DeliveryStatus


class Delivery(Base):
    """A message on its way to one receiver: a user by mail, or a webhook.

    `envelope` is the key under which the receiver gets it; the mails of a digest share one. While
    a worker is busy with a delivery, `next_attempt_at` is when another may take it over.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    outbox_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.id"))
    channel: Mapped[str] = code("channel", Channel)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id"))
    status: Mapped[str] = code("status", DeliveryStatus)
    envelope: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    tried_from: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint(
            "CASE channel WHEN 'mail' THEN user_id IS NOT NULL AND webhook_id IS NULL"
            " ELSE webhook_id IS NOT NULL AND user_id IS NULL END",
            name="receiver",
        ),
        Index("uq_delivery_user", "outbox_id", "user_id", unique=True),
        Index("uq_delivery_webhook", "outbox_id", "webhook_id", unique=True),
        Index("ix_delivery_waiting", "next_attempt_at", "id", postgresql_where="status='waiting'"),
        Index("ix_delivery_dead", "id", postgresql_where="status = 'dead'"),
        Index("ix_delivery_envelope", "envelope"),
    )


class DeliveryAttempt(Base):
    """An attempt to deliver; without an end the worker died, or is still at it."""

    __tablename__ = "delivery_attempt"

    id: Mapped[int] = key()
    delivery_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("delivery.id"))
    number: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = code("outcome", DeliveryOutcome)
    detail: Mapped[str | None]

    __table_args__ = (
        Index("uq_delivery_attempt_number", "delivery_id", "number", unique=True),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        CheckConstraint("length(detail) <= 300", name="detail_length"),
    )


class Webhook(Base):
    """An address of an organisation's own system that wants to hear of some topics.

    Its secret is derived from the installation's webhook key, the reference and the version.
    Until `earlier_until` messages bear a signature of the earlier version too.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    url: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_version: Mapped[int] = mapped_column(Integer, server_default="1")
    earlier_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(Boolean, server_default="true")
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("length(url) BETWEEN 8 AND 500", name="url_length"),
        CheckConstraint("secret_version >= 1", name="secret_version"),
    )


class ApiToken(Base):
    """A key with which an organisation's own system fetches data; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),)
