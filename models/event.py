"""Events: what happened to each case, in order, for good; personal values lie apart."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.vocabulary import CaseState


class Submission(Base):
    """A form or message that was acted upon once: the same key never acts again."""

    __tablename__ = "submission"

    id: Mapped[int] = key()
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str]
    payload_hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("length(key) BETWEEN 8 AND 100", name="key_length"),
        UniqueConstraint("actor_id", "key"),
    )


class CaseEvent(Base):
    """One step taken on a case; (case, version) gives the order, never the clock.

    `facts` holds codes, references and numbers, never personal values; `postings` the ledger
    lines that the event caused; `detail_hash` a keyed hash of the personal values.
    """

    __tablename__ = "case_event"

    id: Mapped[int] = key()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    version: Mapped[int] = mapped_column(Integer)
    step: Mapped[str]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recorded_at: Mapped[datetime]
    from_state: Mapped[str | None] = code("from_state", CaseState, nullable=True)
    to_state: Mapped[str] = code("to_state", CaseState)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
    postings: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    detail_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    submission_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("submission.id"), unique=True
    )

    __table_args__ = (
        CheckConstraint("(version = 1) = (from_state IS NULL)", name="first_has_no_from"),
        UniqueConstraint("case_id", "version"),
        Index("ix_case_event_recorded", "recorded_at"),
        Index("ix_case_event_person", "person_id", postgresql_where="person_id IS NOT NULL"),
    )


class EventDetail(Base):
    """The personal values of an event, which the retention job may erase."""

    __tablename__ = "event_detail"

    event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("case_event.id"), primary_key=True, autoincrement=False
    )
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
