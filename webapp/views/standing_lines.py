"""The lines, and so the persons, behind a figure of the official table."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.download import file_response
from webapp.standing.lists import MOST_DIRECT, Asked, read_asked
from webapp.standing.navigation import FORMATS, Download
from webapp.standing_dates import asked_dates
from webapp.standing_heads import HEADS
from workflows.exchange.formats import Format
from workflows.quota.figures import PERSONS_BEHIND
from workflows.trail import record_read

blueprint = Blueprint("standing_lines", __name__)
PAGE = 100


@blueprint.get("/taakstelling/regels")
def lines() -> str:
    """Show the lines, for realised figures the persons, behind one figure."""
    who = actor()
    with transaction() as connection:
        asked = _asked(connection)
        opened = asked.behind.open(connection, who, moment())
        total, count = opened.total(), opened.count()
        try:
            after = request.args.get("na")
            page = opened.page(after=after, size=PAGE)
        except (ValueError, OverflowError):
            abort(404)
        if any(line.name for line in page):
            record_read(connection, moment(), who.user_id, f"standing {asked.figure}")
    more: dict[str, Any] | None = {"na": page[-1].cursor} if len(page) >= PAGE else None
    arguments = asked.arguments
    return render_template(
        "standing/lines.html",
        dates=asked.dates,
        letter=HEADS[asked.figure][0],
        figure_name=gettext(HEADS[asked.figure][1]),
        place=opened.place,
        persons=asked.figure in PERSONS_BEHIND,
        total=total,
        count=count,
        page=page,
        first_url=url_for("standing_lines.lines", **arguments) if request.args.get("na") else None,
        next_url=url_for("standing_lines.lines", **arguments, **more) if more else None,
        prepare=asked.arguments if count > MOST_DIRECT else None,
        downloads=[
            Download(form, url_for("standing_lines.download", form=form, **arguments))
            for form in FORMATS
        ],
        table_url=url_for("standing.standing", **asked.area_arguments),
    )


@blueprint.get(f"/taakstelling/regels.<any({', '.join(FORMATS)}):form>")
def download(form: str) -> BaseResponse:
    """Give the whole list behind a figure as a file; a long list is made by a worker."""
    with transaction() as connection:
        asked = _asked(connection)
        if asked.behind.open(connection, actor(), moment()).count() <= MOST_DIRECT:
            sheet = asked.sheet(connection, actor())
            return file_response(sheet, Format(form), asked.file_name)
    flash(gettext("Deze lijst is lang. Laat hieronder het bestand klaarzetten."), "info")
    return redirect(url_for("standing_lines.lines", **asked.arguments))


def _asked(connection: Connection) -> Asked:
    asked = read_asked(connection, request.args, asked_dates())
    if asked is None:
        abort(404)
    return asked
