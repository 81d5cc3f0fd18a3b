"""What a user reads after a step: what was done, what comes next, and what stood there already."""

from flask import flash, redirect, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import TO_ACT, open_dossier
from workflows.errors import NotFound
from workflows.reading.known import known_before
from workflows.request import Result
from workflows.step import Step


def done(step: Step, result: Result) -> Response:
    """Say what was done and what comes next, and lead to the case."""
    with transaction() as connection:
        try:
            dossier = open_dossier(connection, actor(), result.case, moment(), TO_ACT)
            again = known_before(connection, result.event_id)
        except NotFound:
            flash(gettext("%(step)s is vastgelegd.", step=gettext(step.label)), "success")
            return redirect(url_for("queue.queue"))
    front = dossier.acts.front
    said = gettext("%(step)s is vastgelegd.", step=gettext(step.label))
    if front is not None:
        said += " " + gettext("Volgende handeling: %(step)s.", step=gettext(front.label))
    flash(said, "success")
    for each in again:
        flash(
            gettext(
                "Het V-nummer van %(name)s was al bekend. De naam en de vergunningsdatum "
                "(%(day)s) die er stonden blijven staan, ook als u iets anders typte. Klopt er "
                "iets niet? Corrigeer het in het dossier.",
                name=each.name,
                day=format_date(each.permit_on, "d MMMM yyyy"),
            ),
            "warning",
        )
    return redirect(url_for("case.case", reference=result.case))
