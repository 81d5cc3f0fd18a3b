"""Tasks of organisations about cases."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import HandoverParty, TaskKind


class Task(Base):
    """Work on an organisation's list; whoever has the case in hand there is to do it."""

    __tablename__ = "task"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = code("kind", TaskKind)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handover.id"), index=True)
    party: Mapped[str | None] = code("party", HandoverParty, nullable=True)
    description: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "(kind = 'agreement') = (handover_id IS NOT NULL)"
            " AND (handover_id IS NULL) = (party IS NULL)",
            name="agreement",
        ),
        CheckConstraint("done_by IS NULL OR done_on IS NOT NULL", name="done_by"),
        Index(
            "ix_task_open", "organisation_id", "due_on", "id", postgresql_where="done_on IS NULL"
        ),
        Index("ix_task_due", "due_on", "id", postgresql_where="done_on IS NULL"),
        Index("ix_task_done", "organisation_id", "done_on", postgresql_where="done_on IS NOT NULL"),
        Index(
            "uq_task_turns_18",
            "case_id",
            "person_id",
            unique=True,
            postgresql_where="kind = 'turns_18'",
        ),
    )
