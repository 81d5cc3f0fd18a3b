"""Work on many cases at once, and the views that users keep of their queues."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference


class BulkStatus(StrEnum):
    """Where work on many cases stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class BulkOutcome(StrEnum):
    """What became of one case in work on many."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"


class BulkRun(Base):
    """One step to take on many cases; `payload` holds codes and references only."""

    __tablename__ = "bulk_run"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    step: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    status: Mapped[str] = code("status", BulkStatus)
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(status IN ('done', 'cancelled')) = (finished_at IS NOT NULL)", name="finished"
        ),
    )


class BulkRow(Base):
    """A case of a bulk run, the version that the actor saw, and what became of it.

    `message` is a Dutch template and `message_values` fill it, so that it reads in any language.
    Where the run links by proposals, `proposal_id` is the one that the actor saw.
    """

    __tablename__ = "bulk_row"

    id: Mapped[int] = key()
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"))
    position: Mapped[int] = mapped_column(Integer)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = code("outcome", BulkOutcome)
    message: Mapped[str | None]
    message_values: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}")
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)

    __table_args__ = (
        Index("uq_bulk_row_run_position", "run_id", "position", unique=True),
        Index("uq_bulk_row_run_case", "run_id", "case_id", unique=True),
        CheckConstraint("(outcome = 'refused') = (message IS NOT NULL)", name="message"),
    )


class SavedView(Base):
    """A named filter of a work queue: the query of its address, without personal data."""

    __tablename__ = "saved_view"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool] = mapped_column(Boolean, server_default="false")

    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("length(query) <= 1000", name="query_length"),
        CheckConstraint("NOT shared OR organisation_id IS NOT NULL", name="shared_with"),
        Index("uq_saved_view_user_name", "user_id", "name", unique=True),
    )
