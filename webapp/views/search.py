"""Search by V-number, BSN or name; what was typed never enters an address."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading import search as reading
from workflows.trail import record_reads

blueprint = Blueprint("search", __name__)
LONGEST = 100
REMEMBERED = 3


@blueprint.post("/zoeken")
def search() -> Response:
    """Find persons; one exact hit opens its case, others a page under a random search id."""
    typed = request.form.get("query", "").strip()[:LONGEST]
    if not typed or "\x00" in typed or "\ufffd" in typed:
        return redirect(_remember([], None))
    who, today = actor(), moment().today
    with transaction() as connection:
        found = reading.search(connection, who, typed, today)
        own = reading.case_by_v_number(connection, who, typed, Permission.VIEW_CASE, today)
        elsewhere = None
        if own is None and may(who, Permission.STATE_REASON):
            elsewhere = reading.case_by_v_number(
                connection, who, typed, Permission.STATE_REASON, today
            )
    if own is not None:
        return redirect(url_for("case.case", reference=own.reference))
    if elsewhere is not None:
        _remember([], elsewhere.reference)
        return redirect(url_for("stated_reason.form", reference=elsewhere.reference))
    return redirect(_remember(found, None))


@blueprint.get("/zoeken/<search_id>")
def results(search_id: str) -> str:
    """Show what a search of this session found."""
    searches = session.get("searches", {})
    if search_id not in searches:
        abort(404)
    with transaction() as connection:
        found = reading.results(connection, actor(), searches[search_id], moment().today)
        seen = [each.case_id for each in found]
        record_reads(connection, moment(), actor().user_id, "search", seen)
    return render_template("search/results.html", found=found, most=reading.MOST)


def _remember(persons: list[str], elsewhere: str | None) -> str:
    """Keep references only, in the signed session of this browser; return the address."""
    search_id = secrets.token_urlsafe(8)
    kept = list(session.get("searches", {}).items())[-(REMEMBERED - 1) :]
    session["searches"] = dict([*kept, (search_id, persons)])
    if elsewhere is not None:
        session["elsewhere"] = [*session.get("elsewhere", []), elsewhere][-REMEMBERED:]
    return url_for("search.results", search_id=search_id)


def found_elsewhere(reference: str) -> bool:
    """Tell whether this session found a case of another centre by its exact V-number."""
    return reference in session.get("elsewhere", [])
