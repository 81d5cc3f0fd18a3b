"""A case of another centre: seen only after a stated reason, which is logged."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.views.search import found_elsewhere
from workflows.errors import NotFound, Refused
from workflows.reading.search import CaseName, case_named
from workflows.stated_reason import state_reason

blueprint = Blueprint("stated_reason", __name__)


@blueprint.get("/dossiers/<reference:reference>/reden")
def form(reference: str) -> str:
    """Ask why; only after an exact search of this session, since a guess must tell nothing."""
    with transaction() as connection:
        _found(connection, reference)
    return render_template("search/reason.html", reference=reference, reason="", error=None)


@blueprint.post("/dossiers/<reference:reference>/reden")
def submit(reference: str) -> Response:
    """Log the reason and open the case."""
    reason = request.form.get("reason", "")
    try:
        with transaction() as connection:
            state_reason(connection, actor(), _found(connection, reference), reason, moment())
    except Refused as refusal:
        page = render_template(
            "search/reason.html", reference=reference, reason=reason, error=translated(refusal)
        )
        return make_response(page, 422)
    return redirect(url_for("case.case", reference=reference))


def _found(connection: Connection, reference: str) -> CaseName:
    case = case_named(connection, reference) if found_elsewhere(reference) else None
    if case is None:
        raise NotFound
    return case
