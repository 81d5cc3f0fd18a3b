"""What came of comparing everything that is stored with what it follows from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import RunStatus


class Verification(Base):
    """A run of the integrity check; `asked_by` is None for the program's own, at night.

    `progress` is in percent. `counts` holds the number of differences by kind, `differences` the
    first of them as mappings of kind, subject, expected and found; neither holds personal values.
    """

    __tablename__ = "verification"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    status: Mapped[str] = code("status", RunStatus)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    differences: Mapped[list[dict[str, str]]] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint(
            "(status IN ('waiting', 'running')) = (finished_at IS NULL)", name="finished"
        ),
        Index(
            "uq_verification_open",
            text("(1)"),
            unique=True,
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
    )
