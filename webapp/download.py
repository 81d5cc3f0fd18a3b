"""Tables as files that a browser keeps."""

from io import BytesIO

from flask import Response, send_file

from workflows.exchange.formats import Format, write
from workflows.exchange.sheet import Sheet


def file_response(sheet: Sheet, form: Format, name: str) -> Response:
    """Return a table as a file; `name` is the file's name without its ending."""
    stream = BytesIO()
    write(sheet, form, stream)
    stream.seek(0)
    return send_file(
        stream,
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{name}.{form}",
        etag=False,
    )
