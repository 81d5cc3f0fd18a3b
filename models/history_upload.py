"""A file of history between its check and the word of whoever sent it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key, reference
from models.document import LARGEST_FILE


class HistoryUpload(Base):
    """A file that was checked; it is deleted when it is taken over, or after a day."""

    __tablename__ = "history_upload"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"octet_length(content) BETWEEN 1 AND {LARGEST_FILE}", name="size"),
        Index("ix_history_upload_sent", "sent_at"),
    )
