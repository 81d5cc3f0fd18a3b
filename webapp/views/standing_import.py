"""Geschiedenis: standings of before the program, from a file that is checked before it counts."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.marking import N_
from webapp.quota_tabs import quota_tabs
from workflows.errors import Refused
from workflows.exchange.history import InvalidHistory
from workflows.exchange.history_rows import COLUMNS
from workflows.exchange.history_upload import Checked, check_upload, take_upload

blueprint = Blueprint("standing_import", __name__, url_prefix="/taakstelling/geschiedenis")
MOST_SHOWN = 100


@blueprint.get("")
def form() -> str:
    """Ask for a file."""
    return _page()


@blueprint.post("")
def check() -> Response:
    """Check a file: show what it would add, or what is wrong with each row."""
    try:
        content = _sent()
        with transaction() as connection:
            checked = check_upload(connection, actor(), content, moment())
    except InvalidHistory as error:
        return make_response(_page(invalid=error), 422)
    except Refused as refusal:
        return make_response(_page(refusal=translated(refusal)), 422)
    return make_response(_page(checked))


@blueprint.post("/<reference:reference>")
def take(reference: str) -> Response:
    """Take over a file that was checked; all of it or nothing."""
    try:
        with transaction() as connection:
            taken = take_upload(connection, actor(), reference, moment())
    except InvalidHistory as error:
        return make_response(_page(invalid=error), 422)
    words = gettext(
        "Overgenomen: %(added)s nieuwe rijen van de %(rows)s.", added=taken.added, rows=taken.rows
    )
    flash(words, "success")
    return redirect(url_for("standing_import.form"), 303)


def _sent() -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refused("no_file", N_("Kies een bestand."), "file")
    content: bytes = sent.read()
    return content


def _page(
    checked: Checked | None = None,
    invalid: InvalidHistory | None = None,
    refusal: str | None = None,
) -> str:
    found = [] if invalid is None else invalid.problems
    return render_template(
        "quota/standing_import.html",
        tabs_of_quota=quota_tabs(),
        columns=COLUMNS,
        checked=checked,
        refusal=refusal,
        problems=[(each, translated(each.refusal)) for each in found[:MOST_SHOWN]],
        more_problems=max(len(found) - MOST_SHOWN, 0),
    )
