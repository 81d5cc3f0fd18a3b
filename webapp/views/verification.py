"""Gegevenscontrole: whether what is stored follows from what happened, when it was checked."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.difference_words import about, mending
from webapp.jobs.verify import ring
from workflows.reading import verifications as reading
from workflows.verification import ask_verification

blueprint = Blueprint("verification", __name__, url_prefix="/beheer/gegevenscontrole")
_KEY = 16


@blueprint.get("")
def overview() -> str:
    """Tell what the last run found, and list the runs."""
    after = request.args.get("na", "")[:_KEY] or None
    with transaction() as connection:
        found = reading.verifications(connection, actor(), after)
    shown, more = found[: reading.PAGE], len(found) > reading.PAGE
    return render_template(
        "verification/overview.html",
        rows=shown,
        last=None if after else next((row for row in shown if row.status == "done"), None),
        going_on=None if after else next((row for row in shown if not row.finished), None),
        next_url=url_for("verification.overview", na=shown[-1].reference) if more else None,
        previous_url=url_for("verification.overview") if after else None,
    )


@blueprint.post("")
def start() -> Response:
    """Ask for a run; while one goes on it is that one."""
    with transaction() as connection:
        reference = ask_verification(connection, actor(), moment())
    ring(reference)
    return redirect(url_for("verification.run", reference=reference), 303)


@blueprint.get("/<reference:reference>")
def run(reference: str) -> str:
    """Show how far a run is, or what it found and how that is mended."""
    with transaction() as connection:
        found = reading.verification(connection, actor(), reference)
    kinds = [
        {"about": about(kind), "count": count, "mending": mending(kind)}
        for kind, count in sorted(found.counts.items())
    ]
    rows = [{**each, "about": about(each["kind"])} for each in found.differences]
    return render_template("verification/run.html", run=found, kinds=kinds, rows=rows)
