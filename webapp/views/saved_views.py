"""Saving and deleting views of the work queue; the queue itself lists them."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.marking import N_
from workflows.errors import Refused
from workflows.reading import saved_views as reading
from workflows.saved_views import FILTERS, clean_query, delete_view, save_view

blueprint = Blueprint("saved_views", __name__, url_prefix="/werkvoorraad/weergaven")
SAVED = N_("De weergave is bewaard.")
DELETED = N_("De weergave is verwijderd.")


@blueprint.post("")
def save() -> Response:
    """Keep the filters of the queue page under a name."""
    query = request.form.get("query", "")
    try:
        with transaction() as connection:
            save_view(
                connection,
                actor(),
                request.form.get("name", ""),
                query,
                moment(),
                share_with=request.form.get("share_with") or None,
            )
    except Refused as refusal:
        flash(translated(refusal), "error")
    else:
        flash(gettext(SAVED), "success")
    return redirect(_queue(query), 303)


@blueprint.post("/<reference:reference>/verwijderen")
def delete(reference: str) -> Response:
    """Delete a view of one's own."""
    with transaction() as connection:
        delete_view(connection, actor(), reference, moment())
    flash(gettext(DELETED), "success")
    return redirect(_queue(request.form.get("query", "")), 303)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the queue page shows: views, with whom one can share, and the filters in force."""

    views: list[reading.View]
    workplaces: list[reading.Workplace]
    query: str


def offered(connection: Connection) -> Offered:
    """Return the saved views for the queue page of this request."""
    sent = "&".join(
        f"{name}={value}"
        for name, value in request.args.items()
        if name in FILTERS and FILTERS[name].fullmatch(value)
    )
    return Offered(
        reading.views(connection, actor()),
        reading.workplaces(connection, actor()),
        clean_query(sent),
    )


def _queue(query: str) -> str:
    """Return the address of the queue under a query, or without any when it is not the queue's."""
    try:
        kept = clean_query(query)
    except Refused:
        kept = ""
    address = url_for("queue.queue")
    return f"{address}?{kept}" if kept else address
