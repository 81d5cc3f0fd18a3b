"""Files that come with a form: kept before the step is tried, so that a refusal loses none."""

from flask import request
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.documents.files import keep_file
from workflows.errors import Refused
from workflows.payload import Payload, Widget, declared


def file_fields(payload: type[Payload]) -> list[str]:
    """Return the fields of a payload that are filled in by sending a file."""
    return [
        name for name, info in payload.model_fields.items() if declared(info).widget is Widget.FILE
    ]


def typed_with_files(payload: type[Payload]) -> tuple[MultiDict[str, str], dict[str, Refused]]:
    """Return what was typed, with a reference for each file that was sent, and the refusals.

    A file that cannot be kept leaves the one that the form held before.
    """
    typed, problems = request.form.copy(), {}
    for name in file_fields(payload):
        sent = request.files.get(name)
        if sent is None or not sent.filename:
            continue
        try:
            with transaction() as connection:
                typed[name] = _kept(connection, sent.read(), name)
        except Refused as refusal:
            problems[name] = refusal
    return typed, problems


def _kept(connection: Connection, content: bytes, name: str) -> str:
    return keep_file(connection, actor(), content, moment(), name)
