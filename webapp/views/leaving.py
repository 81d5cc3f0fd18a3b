"""Somebody leaves: all open work gets another holder, and the account is closed."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from workflows.administration import find_holder
from workflows.engine import BatchRefusedError
from workflows.errors import Refused
from workflows.leaving import OpenWork, close_account, open_work
from workflows.reading.users import user_with_grants
from workflows.reading.workload import Colleague, workload

blueprint = Blueprint("leaving", __name__)
QUEUE = "wachtrij"


@blueprint.get("/beheer/gebruikers/<reference:reference>/vertrek")
def form(reference: str) -> Response:
    """Show the open work of a user, and who may take it on."""
    return _form(reference, None)


@blueprint.post("/beheer/gebruikers/<reference:reference>/vertrek")
def submit(reference: str) -> Response:
    """Hand all work over and close the account, or change nothing at all."""
    receivers = {
        name.removeprefix("to-"): None if value == QUEUE else value
        for name, value in request.form.items()
        if name.startswith("to-") and value
    }
    try:
        with transaction() as connection:
            holder = find_holder(connection, actor(), reference)
            moved = close_account(connection, actor(), holder, receivers, moment())
    except Refused as refusal:
        return _form(reference, refusal)
    except BatchRefusedError as refused:
        first = next(each for each in refused.outcomes if isinstance(each, Refused))
        return _form(reference, first)
    words = ngettext(
        "%(num)s dossier is overgedragen.", "%(num)s dossiers zijn overgedragen.", moved
    )
    flash(gettext("Het account is gesloten.") + " " + words, "success")
    return redirect(url_for("users.user", reference=reference))


def _form(reference: str, problem: Refused | None) -> Response:
    with transaction() as connection:
        holder = find_holder(connection, actor(), reference)
        user, _ = user_with_grants(connection, actor(), reference)
        work = [
            (each, _others(connection, each, reference))
            for each in open_work(connection, holder.user_id)
        ]
    page = render_template(
        "users/leave.html",
        user=user,
        work=work,
        queue=QUEUE,
        chosen=request.form,
        problem=None if problem is None else translated(problem),
        problem_field=None if problem is None else problem.field_name,
    )
    return make_response(page, 200 if problem is None else 422)


def _others(connection: Connection, work: OpenWork, leaver: str) -> list[Colleague]:
    found = workload(connection, [work.organisation_id], moment().today)
    return [each for each in found if each.reference != leaver]
