"""Runs of the matching and the links that they propose; a placement officer decides."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import DepartureReason, ProposalStatus, RunKind, RunStatus

FINISHED = "('done', 'cancelled', 'failed')"


class MatchingRun(Base):
    """A run of the matching: what was asked, how far it is, and what it proves of itself.

    `request` holds references, codes and numbers only. A what-if that somebody keeps has a name;
    one without is forgotten after a day. `message` is a Dutch template that `message_values` fill.
    """

    __tablename__ = "matching_run"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    kind: Mapped[str] = code("kind", RunKind)
    status: Mapped[str] = code("status", RunStatus)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str | None]
    request: Mapped[dict[str, object]] = mapped_column(JSONB)
    households: Mapped[int] = mapped_column(Integer, server_default="0")
    progress: Mapped[int] = mapped_column(Integer, server_default="0")
    result: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    message: Mapped[str | None]
    message_values: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}")
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"(status IN {FINISHED}) = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint("(status = 'done') = (result IS NOT NULL)", name="done_has_result"),
        CheckConstraint("(status = 'failed') = (message IS NOT NULL)", name="failed_says_why"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("name IS NULL OR length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("name IS NULL OR kind = 'what_if'", name="scenario"),
        Index("ix_matching_run_status", "status", "seen_at"),
    )


class Proposal(Base):
    """A municipality proposed for a case, with the explanation that was valid then.

    Rank 1 is the proposal itself, the others are its alternatives.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    run_id: Mapped[int] = mapped_column(ForeignKey("matching_run.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    case_version: Mapped[int] = mapped_column(Integer)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    rank: Mapped[int] = mapped_column(Integer)
    score: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    explanation: Mapped[dict[str, object]] = mapped_column(JSONB)
    status: Mapped[str] = code("status", ProposalStatus)
    departure: Mapped[str | None] = code("departure", DepartureReason, nullable=True)
    made_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND 10", name="rank"),
        CheckConstraint("(status = 'departed') = (departure IS NOT NULL)", name="departure"),
        CheckConstraint("status <> 'departed' OR rank = 1", name="departed_from_first"),
        Index(
            "uq_proposal_open", "case_id", "rank", unique=True, postgresql_where="status = 'open'"
        ),
    )
