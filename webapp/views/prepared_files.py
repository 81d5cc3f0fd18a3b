"""Files that a worker makes: asked for, followed, fetched."""

from io import BytesIO
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from models import PreparedStatus
from webapp.auth import actor, settings
from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.prepared_files import ring_for_file
from webapp.standing.lists import Asked, read_asked
from webapp.standing.navigation import FORMATS
from webapp.standing_dates import read_dates
from workflows.exchange.formats import Format
from workflows.exchange.prepared import Prepared, ask, prepared

blueprint = Blueprint("prepared_files", __name__, url_prefix="/taakstelling/bestanden")


@blueprint.post("")
def order() -> BaseResponse:
    """Ask for a file of the whole list behind a figure."""
    form = request.form.get("vorm", "")
    if form not in FORMATS:
        abort(404)
    with transaction() as connection:
        dates = read_dates(request.form, moment().today, ZoneInfo(settings().timezone))
        asked = read_asked(connection, request.form, dates)
        if asked is None:
            abort(404)
        reference = ask(connection, actor(), asked.arguments, form, moment())
    ring_for_file(reference)
    return redirect(url_for("prepared_files.progress", reference=reference), 303)


@blueprint.get("/<reference:reference>")
def progress(reference: str) -> str:
    """Show whether a file is ready."""
    found, asked = _found(reference)
    return render_template(
        "standing/prepared.html",
        found=found,
        list_url=url_for("standing_lines.lines", **asked.arguments),
    )


@blueprint.get("/<reference:reference>/ophalen")
def fetch(reference: str) -> Response:
    """Give a file that is ready."""
    found, asked = _found(reference)
    if found.status != PreparedStatus.READY or found.content is None:
        abort(404)
    form = Format(found.format)
    return send_file(
        BytesIO(found.content),
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{asked.file_name}.{form}",
        etag=False,
    )


def _found(reference: str) -> tuple[Prepared, Asked]:
    with transaction() as connection:
        found = prepared(connection, actor(), reference)
        dates = read_dates(found.question, moment().today, ZoneInfo(settings().timezone))
        asked = read_asked(connection, found.question, dates)
    if asked is None:
        abort(404)
    return found, asked
