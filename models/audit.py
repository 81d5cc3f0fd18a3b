"""The audit trail and the read log: who changed and who saw what, for good."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key


class AuditEntry(Base):
    """A change by a user: the action, its object and the names of the fields, never values."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = key()
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    event_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("case_event.id"))
    object_reference: Mapped[str | None]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))

    __table_args__ = (
        Index("ix_audit_entry_case", "case_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "recorded_at", "id"),
        Index("ix_audit_entry_recorded", "recorded_at", "id"),
        Index("ix_audit_entry_action", "action", "recorded_at", "id"),
        Index("ix_audit_entry_event", "event_id"),
    )


class ReadEntry(Base):
    """A look at personal data by a user, or by an organisation's system, with its purpose."""

    __tablename__ = "read_entry"

    id: Mapped[int] = key()
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    api_token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]

    __table_args__ = (
        CheckConstraint("num_nonnulls(actor_id, api_token_id) = 1", name="reader"),
        Index("ix_read_entry_case", "case_id", "id"),
        Index("ix_read_entry_actor", "actor_id", "recorded_at", "id"),
        Index("ix_read_entry_recorded", "recorded_at", "id"),
        Index("ix_read_entry_purpose", "purpose", "recorded_at", "id"),
    )
