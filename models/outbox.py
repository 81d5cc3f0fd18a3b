"""Messages that must reach the outside because a transaction committed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.vocabulary import OutboxStatus


class Outbox(Base):
    """A message to an organisation about an event: references only, no personal values."""

    __tablename__ = "outbox"

    id: Mapped[int] = key()
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_event.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    topic: Mapped[str]
    status: Mapped[str] = code("status", OutboxStatus)
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_attempt_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_waiting", "next_attempt_at", "id", postgresql_where="status = 'waiting'"),
    )
