"""Realisations that a municipality disputes, and how each dispute ends."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import DisputeSettlement


class RealisationDispute(Base):
    """A ledger line that a municipality does not recognise; at most one is open per line."""

    __tablename__ = "realisation_dispute"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quota_entry.id"))
    reason: Mapped[str]
    raised_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    raised_at: Mapped[datetime]
    settlement: Mapped[str | None] = code("settlement", DisputeSettlement, nullable=True)
    explanation: Mapped[str | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("length(reason) BETWEEN 2 AND 2000", name="reason_length"),
        CheckConstraint(
            "num_nulls(settlement, explanation, settled_by, settled_at) IN (0, 4)", name="settled"
        ),
        Index(
            "uq_realisation_dispute_open",
            "entry_id",
            unique=True,
            postgresql_where="settled_at IS NULL",
        ),
    )
