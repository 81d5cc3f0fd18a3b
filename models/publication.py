"""Published tables: their two dates, their definition and the hash of each file."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key, reference


class Publication(Base):
    """The official table as it was given out: the figures follow from these dates at any time."""

    __tablename__ = "publication"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    valid: Mapped[date]
    known: Mapped[datetime]
    definition: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("known <= recorded_at", name="known"),
        UniqueConstraint("valid", "known", "definition"),
    )


class PublicationFile(Base):
    """A file of a publication; `octets` is its size, `sha256` its hash in hexadecimal digits."""

    __tablename__ = "publication_file"

    publication_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("publication.id"), primary_key=True
    )
    format: Mapped[str] = mapped_column(Text, primary_key=True)
    octets: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(
        Text, CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256")
    )

    __table_args__ = (CheckConstraint("format IN ('csv', 'xlsx', 'ods', 'json')", name="format"),)
