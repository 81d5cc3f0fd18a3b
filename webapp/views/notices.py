"""A user's own notices, and which of them come by mail."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import NoticeKind, NoticeTiming
from webapp.auth import actor, settings
from webapp.clock import moment
from webapp.db import transaction
from workflows.loading import REFERENCE
from workflows.notices import own
from workflows.reading import notices as reading

blueprint = Blueprint("notices", __name__)


@blueprint.get("/meldingen")
def notices() -> str:
    """Show what the user was told, the newest first."""
    everything = request.args.get("alles") == "1"
    with transaction() as connection:
        rows = reading.notices(connection, actor(), moment().today, unread_only=not everything)
        unread = reading.unread(connection, actor().user_id)
    return render_template(
        "notices/notices.html",
        rows=rows,
        unread=unread,
        everything=everything,
        newest=rows[0].made_at.isoformat() if rows else "",
        most=reading.MOST,
    )


@blueprint.post("/meldingen")
def read() -> Response:
    """Mark as read what the page showed."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        abort(400)
    if until.tzinfo is None:
        abort(400)
    with transaction() as connection:
        own.read_until(connection, actor(), until, moment())
    flash(gettext("De meldingen staan als gelezen."), "success")
    return redirect(url_for("notices.notices"), 303)


@blueprint.post("/meldingen/openen")
def open_case() -> Response:
    """Mark the notices about a case as read, and go there."""
    case = request.form.get("case", "")
    if REFERENCE.fullmatch(case) is None:
        abort(400)
    with transaction() as connection:
        own.read_about(connection, actor(), case, moment())
    return redirect(url_for("case.case", reference=case), 303)


@blueprint.get("/meldingen/instellingen")
def choices() -> str:
    """Show for each kind of notice whether it comes by mail."""
    with transaction() as connection:
        chosen = reading.mail_choices(connection, actor())
    return render_template(
        "notices/choices.html",
        chosen=chosen,
        timings=list(NoticeTiming),
        hour=settings().digest_hour,
        mail=settings().sends_mail,
    )


@blueprint.post("/meldingen/instellingen")
def choose() -> Response:
    """Keep the choice."""
    try:
        timings = {
            kind: NoticeTiming(request.form[kind.value])
            for kind in NoticeKind
            if kind.value in request.form
        }
    except ValueError:
        abort(400)
    with transaction() as connection:
        own.choose_mail(connection, actor(), timings, moment())
    flash(gettext("Uw keuze is bewaard."), "success")
    return redirect(url_for("notices.choices"), 303)
