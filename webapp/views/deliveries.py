"""What left the program and what could not, for the functional manager."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from webapp.auth import actor, settings
from webapp.clock import moment
from webapp.db import transaction
from workflows.notices import again
from workflows.reading import deliveries as reading
from workflows.reading.deliveries import Selection

blueprint = Blueprint("deliveries", __name__)
_NEW = 16


@blueprint.get("/beheer/bezorging")
def deliveries() -> str:
    """List deliveries: given up, failing, or all."""
    selection = _selection(request.args.get("keuze", ""))
    after = request.args.get("na", "")[:_NEW] or None
    with transaction() as connection:
        found = reading.deliveries(connection, actor(), selection, after)
        backlog = reading.backlog(connection, moment())
    shown, more = found[: reading.PAGE], len(found) > reading.PAGE
    return render_template(
        "deliveries/deliveries.html",
        rows=shown,
        selection=selection,
        selections=list(Selection),
        backlog=backlog,
        mail=settings().sends_mail,
        next_url=url_for("deliveries.deliveries", na=shown[-1].reference, keuze=selection)
        if more
        else None,
        previous_url=url_for("deliveries.deliveries", keuze=selection) if after else None,
    )


@blueprint.get("/beheer/bezorging/<reference:reference>")
def delivery(reference: str) -> str:
    """Show every attempt of a delivery."""
    with transaction() as connection:
        found, attempts = reading.delivery_with_attempts(connection, actor(), reference)
    return render_template("deliveries/delivery.html", row=found, attempts=attempts)


@blueprint.post("/beheer/bezorging")
def send_again() -> Response:
    """Try again at once: those that are ticked, or all that were given up."""
    with transaction() as connection:
        if request.form.get("all") == "1":
            number = again.send_all_again(connection, actor(), moment())
        else:
            references = request.form.getlist("reference")[: reading.PAGE]
            number = again.send_again(connection, actor(), references, moment())
    words = ngettext(
        "%(num)s bezorging wordt opnieuw geprobeerd.",
        "%(num)s bezorgingen worden opnieuw geprobeerd.",
        number,
    )
    flash(words, "success" if number else "warning")
    chosen = _selection(request.form.get("keuze", ""))
    return redirect(url_for("deliveries.deliveries", keuze=chosen.value), 303)


def _selection(asked: str) -> Selection:
    return Selection(asked) if asked in set(Selection) else Selection.DEAD
