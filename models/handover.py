"""Warm handovers: a contract between two organisations about one case."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, quoted, reference
from models.vocabulary import (
    OPEN_HANDOVER,
    PENDING_HANDOVER,
    HandoverEnd,
    HandoverState,
    InterviewAbsence,
    InterviewForm,
    LegalGround,
)

SENT = quoted(tuple(state for state in HandoverState if state not in {"draft", "withdrawn"}))


class Handover(Base):
    """One handover of a case to an organisation; at most one is open per case and target.

    `snapshot` is what was handed over, with `snapshot_hash` its SHA-256 (canonical JSON).
    `origin_id` is the handover that a household brought along when it was split off.
    """

    __tablename__ = "handover"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("handover.id"), index=True)
    state: Mapped[str] = code("state", HandoverState)
    linked_on: Mapped[date]
    open_actions: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    preparation_absence: Mapped[str | None]
    legal_ground: Mapped[str | None] = code("legal_ground", LegalGround, nullable=True)
    override_reason: Mapped[str | None]
    snapshot: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    snapshot_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    reason: Mapped[str | None] = code("reason", HandoverEnd, nullable=True)
    explanation: Mapped[str | None]
    interview_planned_on: Mapped[date | None]
    interview_form: Mapped[str | None] = code("interview_form", InterviewForm, nullable=True)
    interview_held: Mapped[bool | None]
    interview_on: Mapped[date | None]
    interview_language: Mapped[str | None]
    interpreter: Mapped[bool | None]
    participants: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    interview_absence: Mapped[str | None] = code(
        "interview_absence", InterviewAbsence, nullable=True
    )
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            f"state NOT IN ({SENT}) OR (snapshot_hash IS NOT NULL AND offered_at IS NOT NULL"
            " AND due_on IS NOT NULL AND legal_ground IS NOT NULL)",
            name="offered",
        ),
        CheckConstraint(
            "(state IN ('rejected', 'withdrawn')) = (reason IS NOT NULL)", name="reason"
        ),
        CheckConstraint(
            f"(state IN ({quoted(OPEN_HANDOVER)})) = (finished_at IS NULL)", name="finished"
        ),
        CheckConstraint("(state = 'completed') = (interview_held IS NOT NULL)", name="completed"),
        CheckConstraint(
            "(interview_held IS TRUE) = (interview_on IS NOT NULL)"
            " AND (interview_held IS FALSE) = (interview_absence IS NOT NULL)",
            name="interview",
        ),
        CheckConstraint(
            "state NOT IN ('accepted', 'completed') OR accepted_at IS NOT NULL", name="accepted"
        ),
        CheckConstraint("sender_id <> target_id", name="two_parties"),
        Index(
            "uq_handover_open",
            "case_id",
            "target_id",
            unique=True,
            postgresql_where=f"state IN ({quoted(OPEN_HANDOVER)})",
        ),
        Index(
            "ix_handover_pending",
            "target_id",
            "due_on",
            "id",
            postgresql_where=f"state IN ({quoted(PENDING_HANDOVER)})",
        ),
        Index("ix_handover_sender", "sender_id", "state"),
    )
