"""Alerts: what was told about a term that came near or passed, each once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.vocabulary import AlertStage, Term


class Alert(Base):
    """One stage of one term of a case that was told; a term that moves is told of anew.

    `subject` is the reference of the handover or task whose term it is, empty for the case's
    own. `stage_on` is the day for which the stage stood, `fired_on` the day on which it was told:
    later when no worker ran.
    """

    __tablename__ = "alert"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    term: Mapped[str] = code("term", Term)
    subject: Mapped[str] = mapped_column(Text, server_default="")
    due_on: Mapped[date]
    stage: Mapped[str] = code("stage", AlertStage)
    stage_on: Mapped[date]
    fired_on: Mapped[date]
    fired_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("subject ~ '^([a-z2-7]{16})?$'", name="subject"),
        CheckConstraint("(term IN ('handover', 'task')) = (subject <> '')", name="whose_term"),
        CheckConstraint("fired_on >= stage_on", name="not_early"),
        Index("uq_alert_stage", "case_id", "term", "subject", "due_on", "stage", unique=True),
    )
