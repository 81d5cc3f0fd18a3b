"""The documents of a case, as far as an actor may see them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from models import Document, Organisation, Person, StoredFile
from workflows.errors import NotFound
from workflows.payload import Audience
from workflows.reading.case import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document without its content; `person` is None when it is about the whole household."""

    reference: str
    kind: str
    person: str | None
    person_id: int | None
    shared: bool
    municipality_code: str | None
    organisation: str
    media_type: str
    size: int
    added_on: date
    removed_on: date | None


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """The file of a document."""

    document: DocumentView
    content: bytes


def _seen(case: CaseView) -> ColumnElement[bool]:
    """Return what the case's audience sees: a municipality what is shared, and its own."""
    if case.audience is Audience.AGENCY:
        return Document.case_id == case.id
    return and_(
        Document.case_id == case.id,
        Document.shared,
        or_(
            Document.municipality_code.is_(None),
            Document.municipality_code == case.municipality_code,
        ),
    )


_VIEWS = (
    select(
        Document.reference,
        Document.kind,
        (Person.given_names + " " + Person.family_name).label("person"),
        Document.person_id,
        Document.shared,
        Document.municipality_code,
        Organisation.name.label("organisation"),
        Document.media_type,
        Document.size,
        Document.added_on,
        Document.removed_on,
    )
    .join(Organisation, Organisation.id == Document.organisation_id)
    .outerjoin(Person, Person.id == Document.person_id)
    .order_by(Document.removed_on.is_not(None), Document.id.desc())
)


def documents_of(connection: Connection, case: CaseView) -> list[DocumentView]:
    """Return the documents of a case, the newest first and those removed at the end."""
    rows = connection.execute(_VIEWS.where(_seen(case))).mappings()
    return [DocumentView(**row) for row in rows]


def removable(case: CaseView, document: DocumentView) -> bool:
    """Tell whether a document was added by the side as which the actor sees the case."""
    side = case.municipality_code if case.audience is Audience.MUNICIPALITY else None
    return document.removed_on is None and document.municipality_code == side


def document_file(connection: Connection, case: CaseView, reference: str) -> DocumentFile:
    """Return the file of a document of a case; raises `NotFound` when it is not to be seen."""
    row = (
        connection.execute(
            _VIEWS.add_columns(StoredFile.content)
            .join(StoredFile, StoredFile.id == Document.file_id)
            .where(_seen(case), Document.reference == reference)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    values = dict(row)
    content: bytes = values.pop("content")
    return DocumentFile(DocumentView(**values), content)
