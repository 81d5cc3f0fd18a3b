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
from workflows.reading.notices import Place, notice_at, place_of

blueprint = Blueprint("notices", __name__)
LONGEST_NUMBER = 6


@blueprint.get("/meldingen")
def notices() -> str:
    """Show what the user was told, the newest first, page by page."""
    who, everything = actor(), request.args.get("alles") == "1"
    after, newest = _place(request.args.get("na")), _place(request.args.get("van"))
    with transaction() as connection:
        page = reading.notices(
            connection, who, moment().today, unread_only=not everything, after=after
        )
        unread = reading.unread(connection, who.user_id)
        last = place_of(connection, who, page.rows[-1]) if page.rows else None
        if newest is None and page.rows:
            newest = place_of(connection, who, page.rows[0])
    following = _address(everything=everything, na=_said(last), van=_said(newest))
    return render_template(
        "notices/notices.html",
        rows=page.rows,
        unread=unread,
        everything=everything,
        newest=_said(newest),
        oldest=_said(last),
        next_url=following if page.has_next else None,
        first_url=_address(everything=everything) if after else None,
        more=page.has_next or after is not None,
    )


@blueprint.post("/meldingen")
def read() -> Response:
    """Mark as read what the pages showed: back to the last of this one, or all of it."""
    newest, oldest = _place(request.form.get("until")), _place(request.form.get("since"))
    if newest is None or (request.form.get("since") and oldest is None):
        abort(400)
    who = actor()
    with transaction() as connection:
        first = notice_at(connection, who.user_id, newest)
        last = notice_at(connection, who.user_id, oldest) if oldest else None
        if first is not None and (oldest is None) == (last is None):
            own.read_between(connection, who, first, last, moment())
    flash(gettext("De meldingen staan als gelezen."), "success")
    return redirect(url_for("notices.notices"), 303)


def _address(*, everything: bool, na: str | None = None, van: str | None = None) -> str:
    return url_for("notices.notices", alles=1 if everything else None, na=na, van=van)


def _said(place: Place | None) -> str:
    return "" if place is None else f"{place.made_at.isoformat()}_{place.number}"


def _place(said: str | None) -> Place | None:
    """Return the place that an address or a form names, None when it names none."""
    instant, _, number = (said or "").partition("_")
    if not (number.isascii() and number.isdecimal()) or len(number) > LONGEST_NUMBER:
        return None
    try:
        made_at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    if made_at.tzinfo is None or int(number) == 0:
        return None
    return Place(made_at, int(number))


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
