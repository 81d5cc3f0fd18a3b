"""Messages that must reach somebody because a transaction committed."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key


class Outbox(Base):
    """A message to an organisation about a case: references only, no personal values.

    `user_id`: it is meant for one person of the organisation. `occasion` names what a message
    without event is about, so that each occasion is told of once. `planned_at`: since when its
    notices and deliveries stand in their own tables.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    event_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("case_event.id"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    topic: Mapped[str]
    occasion: Mapped[str | None] = mapped_column(unique=True)
    recorded_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_outbox_waiting", "id", postgresql_where="planned_at IS NULL"),)
