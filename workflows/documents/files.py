"""Keeps the files that users send, until a step makes a document of them or a day has passed."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from models import Document, StoredFile
from models.document import LARGEST_FILE
from workflows import policy
from workflows.actor import Actor
from workflows.documents.media import media_type_of
from workflows.documents.sent_file import SentFile
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.statement import Statement
from workflows.trail import now

KEPT_FOR = timedelta(days=1)
MEGABYTE = 1024 * 1024


def keep_file(
    connection: Connection, actor: Actor, content: bytes, moment: Moment, field: str
) -> str:
    """Keep a file for a day and return its reference; the caller commits.

    Raises `NotFound` without the right to add documents, `Refused` beside `field` for a file that
    is empty, larger than 10 MB, or no PDF, PNG or JPEG.
    """
    policy.demand(actor, Permission.ADD_DOCUMENT)
    if not content:
        raise Refused("empty_file", "Dit bestand is leeg. Kies het bestand opnieuw.", field)
    if len(content) > LARGEST_FILE:
        raise Refused(
            "large_file",
            "Dit bestand is groter dan {megabytes} MB. Maak het kleiner of splits het.",
            field,
            {"megabytes": LARGEST_FILE // MEGABYTE},
        )
    media_type = media_type_of(content)
    if media_type is None:
        raise Refused(
            "unknown_file", "Dit is geen PDF, PNG of JPEG. Zet het bestand eerst om.", field
        )
    reference = moment.new_reference()
    connection.execute(
        insert(StoredFile).values(
            reference=reference,
            media_type=media_type,
            size=len(content),
            sha256=sha256(content).digest(),
            content=content,
            sent_by=actor.user_id,
            sent_at=now(connection, moment),
        )
    )
    return reference


_SENT = Statement(
    select(
        StoredFile.reference,
        StoredFile.id,
        StoredFile.media_type,
        StoredFile.size,
        StoredFile.sha256,
        StoredFile.sent_by,
    )
    .where(
        StoredFile.reference == func.any(bindparam("references")),
        ~select(Document.id).where(Document.file_id == StoredFile.id).exists(),
    )
    .order_by(StoredFile.id)
    .with_for_update(key_share=True, of=StoredFile)
)


def lock_sent_files(connection: Connection, references: set[str]) -> dict[str, SentFile]:
    """Lock the files with these references that no document has yet."""
    if not references:
        return {}
    rows = _SENT.run(connection, {"references": sorted(references)})
    return {row[0]: SentFile(*row[1:]) for row in rows}


_NAMES = ("reference", "id", "case_id", "file_id", "municipality_code", "kind", "removed_on")
_DOCUMENTS = Statement(
    select(*[getattr(Document, name) for name in _NAMES]).where(
        Document.reference == func.any(bindparam("references"))
    )
)


def load_documents(connection: Connection, references: set[str]) -> dict[str, dict[str, Any]]:
    """Return documents by reference."""
    if not references:
        return {}
    rows = _DOCUMENTS.run(connection, {"references": sorted(references)})
    return {row[0]: dict(zip(_NAMES, row, strict=True)) for row in rows}


def drop_unused_files(connection: Connection, moment: Moment) -> int:
    """Delete the files that nobody made a document of within a day, and return how many."""
    late = now(connection, moment) - KEPT_FOR
    used = select(Document.id).where(Document.file_id == StoredFile.id).exists()
    dropped = connection.execute(
        delete(StoredFile).where(StoredFile.sent_at < late, ~used).returning(StoredFile.id)
    )
    return len(dropped.all())
