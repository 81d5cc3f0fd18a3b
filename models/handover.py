"""Warm handovers: a contract between two organisations about one case."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, quoted, reference
from models.vocabulary import HandoverState

OPEN_HANDOVER = (
    HandoverState.DRAFT,
    HandoverState.OFFERED,
    HandoverState.QUESTION,
    HandoverState.ANSWERED,
    HandoverState.ACCEPTED,
)
SENT = quoted(tuple(state for state in HandoverState if state not in {"draft", "withdrawn"}))


class Handover(Base):
    """One handover of a case to an organisation; at most one is open per case and target."""

    __tablename__ = "handover"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    sender_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[str] = code("state", HandoverState)
    legal_ground: Mapped[str | None]
    snapshot: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    snapshot_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    reason: Mapped[str | None]
    interview_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(
            f"state NOT IN ({SENT}) OR (snapshot_hash IS NOT NULL AND offered_at IS NOT NULL"
            " AND due_on IS NOT NULL AND legal_ground IS NOT NULL)",
            name="offered",
        ),
        CheckConstraint(
            "state NOT IN ('rejected', 'withdrawn') OR reason IS NOT NULL", name="reason"
        ),
        CheckConstraint("sender_id <> target_id", name="two_parties"),
        Index(
            "uq_handover_open",
            "case_id",
            "target_id",
            unique=True,
            postgresql_where=f"state IN ({quoted(OPEN_HANDOVER)})",
        ),
    )
