"""Files that take too long for a page: asked for, made by a worker, kept for a day."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference


class PreparedStatus(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


class PreparedFile(Base):
    """A file of a list; `question` holds the dates, figure and area of its address."""

    __tablename__ = "prepared_file"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    question: Mapped[dict[str, str]] = mapped_column(JSONB)
    format: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = code("status", PreparedStatus)
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rows: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("format IN ('csv', 'xlsx', 'ods')", name="format"),
        CheckConstraint("(status = 'waiting') = (finished_at IS NULL)", name="finished"),
        CheckConstraint(
            "(status = 'ready') = (content IS NOT NULL) AND (content IS NULL) = (rows IS NULL)",
            name="content",
        ),
    )
