"""The households behind a figure of the flow: references, never names."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.flow_selections import arguments, selection_of
from webapp.spreadsheet import csv_response
from workflows.reading.flow_list import Selection

blueprint = Blueprint("flow_list", __name__)
PAGE = 100


@blueprint.get("/doorstroom/huishoudens")
def households() -> str:
    """Show a page of the households that a figure counts."""
    selection, who, today = _selection(), actor(), moment().today
    with transaction() as connection:
        counted = selection.count(connection, who, today)
        try:
            after = request.args.get("na")
            page = selection.page(connection, who, today, after=after, size=PAGE)
        except (ValueError, OverflowError):
            abort(404)
    kept = arguments(selection)
    more: dict[str, Any] | None = {"na": page[-1].cursor} if len(page) == PAGE else None
    return render_template(
        "flow/households.html",
        selection=selection,
        counted=counted,
        page=page,
        today=today,
        first_url=url_for("flow_list.households", **kept) if request.args.get("na") else None,
        next_url=url_for("flow_list.households", **kept, **more) if more else None,
        download_url=url_for("flow_list.download", **kept),
    )


@blueprint.get("/doorstroom/huishoudens.csv")
def download() -> Response:
    """Give all households that a figure counts as CSV."""
    selection, today = _selection(), moment().today
    with transaction() as connection:
        rows = [
            (
                row.reference,
                row.state,
                row.household_type,
                row.persons,
                row.permit_on.isoformat(),
                row.due_on.isoformat() if row.due_on else None,
                row.entered_at.isoformat() if row.entered_at else None,
                row.organisation,
                today.isoformat(),
            )
            for row in selection.export(connection, actor(), today)
        ]
    head = "case state household_type persons permit_on due_on waiting_since organisation as_of"
    return csv_response(f"doorstroom-{today.isoformat()}", head.split(), rows)


def _selection() -> Selection:
    try:
        return selection_of(request.args)
    except (ValueError, OverflowError):
        abort(404)
