"""Documents of a case, and the files that users sent."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, code, key, reference
from models.vocabulary import DocumentKind, MediaType

LARGEST_FILE = 10 * 1024 * 1024


class StoredFile(Base):
    """A file as a user sent it; it stands alone until a step makes a document of it."""

    __tablename__ = "stored_file"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    media_type: Mapped[str] = code("media_type", MediaType)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            f"size BETWEEN 1 AND {LARGEST_FILE} AND octet_length(content) = size", name="size"
        ),
        CheckConstraint("sha256 = sha256(content)", name="sha256"),
        Index("ix_stored_file_sent", "sent_at"),
    )


class Document(Base):
    """A document of a case; what it was stays known when its file has been removed.

    `municipality_code` names the municipality that added it; empty when the agency did.
    """

    __tablename__ = "document"

    id: Mapped[int] = key()
    reference: Mapped[str] = reference()
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("case_event.id"), index=True)
    kind: Mapped[str] = code("kind", DocumentKind)
    shared: Mapped[bool]
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    media_type: Mapped[str] = code("media_type", MediaType)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_on: Mapped[date]
    removed_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("(file_id IS NULL) = (removed_on IS NOT NULL)", name="removed"),
        CheckConstraint("municipality_code IS NULL OR shared", name="municipal_is_shared"),
    )
