"""Hands out the file of a document, to be saved and never run by the browser."""

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from models.vocabulary import MediaType
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.documents.media import EXTENSIONS
from workflows.reading.case import find_case
from workflows.reading.documents import document_file
from workflows.trail import record_read

blueprint = Blueprint("document", __name__)


@blueprint.get("/dossiers/<reference:reference>/documenten/<reference:wanted>")
def document(reference: str, wanted: str) -> Response:
    """Give the file of a document under a name without personal data, and log that it was read."""
    now, who = moment(), actor()
    with transaction() as connection:
        case = find_case(connection, who, reference, now.today)
        found = document_file(connection, case, wanted)
        record_read(
            connection,
            now,
            who.user_id,
            "document",
            case_id=case.id,
            person_id=found.document.person_id,
        )
    kind = MediaType(found.document.media_type)
    name = f"{found.document.kind}-{wanted}.{EXTENSIONS[kind]}"
    answer = make_response(found.content)
    answer.headers["Content-Type"] = kind.value
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
