"""Notices to people: what stands in their list, and what they want mail about."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key
from models.vocabulary import NoticeKind, NoticeTiming


class Notice(Base):
    """A message in the list of one user; its words follow from the topic of the message."""

    __tablename__ = "notice"

    id: Mapped[int] = key()
    outbox_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_notice_outbox_user", "outbox_id", "user_id", unique=True),
        Index("ix_notice_user", "user_id", "id"),
        Index("ix_notice_unread", "user_id", postgresql_where="read_at IS NULL"),
    )


class NoticePreference(Base):
    """When a user wants mail about a kind of notice; no row means never."""

    __tablename__ = "notice_preference"

    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("user_account.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = code("kind", NoticeKind, primary_key=True)
    timing: Mapped[str] = code("timing", NoticeTiming)
