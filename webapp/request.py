"""Requests as the program reads them: what is not text is seen, and never kept in disguise."""

from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 10_000
Parsed = tuple[IO[bytes], Any, Any]


class FormParser(FormDataParser):
    """Reads forms; bytes that are no UTF-8 become U+FFFD, which a form answers as an error.

    Werkzeug itself would keep them as %FF, as if somebody had typed that.
    """

    def _parse_urlencoded(
        self,
        stream: IO[bytes],
        mimetype: str,  # noqa: ARG002 - Werkzeug's signature
        content_length: int | None,
        options: dict[str, str],  # noqa: ARG002 - the same
    ) -> Parsed:
        most = self.max_form_memory_size
        if most is not None and content_length is not None and content_length > most:
            raise RequestEntityTooLarge
        body = stream.read().decode(errors="replace")
        # No form of the program has so many fields, and what reads them takes time for each.
        if body.count("&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        items = parse_qsl(body, keep_blank_values=True, errors="replace")
        return stream, self.cls(items), self.cls()


class PlainRequest(Request):
    """A request whose forms are read so."""

    form_data_parser_class = FormParser
