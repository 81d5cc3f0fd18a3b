"""Proposed links; the matching issue fills them, a placement officer decides."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import ProposalStatus


class Proposal(Base):
    """A municipality proposed for a case, with the explanation that was valid then."""

    __tablename__ = "proposal"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    case_version: Mapped[int] = mapped_column(Integer)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    rank: Mapped[int] = mapped_column(Integer)
    score: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    explanation: Mapped[dict[str, object]] = mapped_column(JSONB)
    status: Mapped[str] = code("status", ProposalStatus)
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 10", name="rank"),
        Index(
            "uq_proposal_open", "case_id", "rank", unique=True, postgresql_where="status = 'open'"
        ),
    )
