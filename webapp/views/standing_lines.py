"""The lines, and so the persons, behind a figure of the official table."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.spreadsheet import csv_response
from webapp.standing_dates import Dates, asked_dates, file_name
from webapp.standing_heads import HEADS
from workflows.quota.figures import PERSONS_BEHIND, Figure
from workflows.quota.table import Level
from workflows.reading.behind import Behind
from workflows.trail import record_read

blueprint = Blueprint("standing_lines", __name__)
PAGE = 100


@blueprint.get("/taakstelling/regels")
def lines() -> str:
    """Show the lines, for realised figures the persons, behind one figure."""
    dates, who = asked_dates(), actor()
    behind = _behind(dates)
    with transaction() as connection:
        opened = behind.open(connection, who, moment())
        total, count = opened.total(), opened.count()
        try:
            after = request.args.get("na")
            page = opened.page(after=after, size=PAGE)
        except (ValueError, OverflowError):
            abort(404)
        if any(line.name for line in page):
            record_read(connection, moment(), who.user_id, f"standing {behind.figure}")
    arguments = _line_arguments(dates, behind)
    more: dict[str, Any] | None = {"na": page[-1].cursor} if len(page) >= PAGE else None
    return render_template(
        "standing/lines.html",
        dates=dates,
        behind=behind,
        letter=HEADS[behind.figure][0],
        figure_name=gettext(HEADS[behind.figure][1]),
        place=opened.place,
        persons=behind.figure in PERSONS_BEHIND,
        total=total,
        count=count,
        page=page,
        first_url=url_for("standing_lines.lines", **arguments) if request.args.get("na") else None,
        next_url=url_for("standing_lines.lines", **arguments, **more) if more else None,
        download_url=url_for("standing_lines.download", **arguments),
        table_url=url_for("standing.standing", **dates.arguments),
    )


@blueprint.get("/taakstelling/regels.csv")
def download() -> Response:
    """Give the whole list behind a figure as CSV: references, never names."""
    dates = asked_dates()
    with transaction() as connection:
        opened = _behind(dates).open(connection, actor(), moment())
        rows = [
            (
                line.kind,
                line.municipality,
                line.half_year,
                line.persons,
                line.booked_on.isoformat() if line.booked_on else None,
                line.housed_on.isoformat() if line.housed_on else None,
                line.recorded_at.isoformat() if line.recorded_at else None,
                line.case_reference,
                line.reason,
            )
            for line in opened.export().rows
        ]
    head = "kind municipality half_year persons booked_on housed_on recorded_at case reason"
    return csv_response(file_name(opened.asked.figure.value, dates), head.split(), rows)


def _behind(dates: Dates) -> Behind:
    figure, code = request.args.get("cijfer", ""), request.args.get("gemeente")
    if figure not in {each.value for each in Figure} or (code and len(code) != len("GM0000")):
        abort(404)
    area: dict[str, Any] = {"level": Level.MUNICIPALITY, "code": code} if code else {}
    return Behind(figure=Figure(figure), valid=dates.valid, known=dates.known, **area)


def _line_arguments(dates: Dates, behind: Behind) -> dict[str, Any]:
    arguments = dates.arguments | {"cijfer": behind.figure.value}
    return arguments | ({"gemeente": behind.code} if behind.level is Level.MUNICIPALITY else {})
