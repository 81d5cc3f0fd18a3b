"""Vervanging: who stands in for whom, and until when."""

from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from models.vocabulary import Role
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.views.queue import plain
from workflows import substitutes as workflow
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.reading import places
from workflows.reading.substitutes import Workplace, workplaces
from workflows.substitutes import Wanted

blueprint = Blueprint("substitutes", __name__)


@blueprint.get("/vervanging")
def substitutes() -> Response:
    """Show what is arranged, and a form to arrange more."""
    return _page(None)


@blueprint.post("/vervanging")
def arrange() -> Response:
    """Arrange that a colleague stands in."""
    try:
        with transaction() as connection:
            workflow.arrange(connection, actor(), _wanted(), moment())
    except Refused as refusal:
        return _page(refusal)
    flash(gettext("De vervanging is geregeld."), "success")
    return redirect(url_for("substitutes.substitutes"))


@blueprint.post("/vervanging/<reference:reference>/beeindigen")
def end(reference: str) -> Response:
    """End a substitution at once."""
    with transaction() as connection:
        workflow.end(connection, actor(), reference, moment())
    flash(gettext("De vervanging is beëindigd."), "success")
    return redirect(url_for("substitutes.substitutes"))


def _wanted() -> Wanted:
    return Wanted(
        absent=plain(request.form.get("absent")) or "",
        substitute=plain(request.form.get("substitute")) or "",
        organisation=plain(request.form.get("organisation")) or "",
        starts_on=_day("starts_on"),
        ends_on=_day("ends_on"),
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise Refused("date", "Vul een datum in.", name) from error


def _page(problem: Refused | None) -> Response:
    who, today = actor(), moment().today
    with transaction() as connection:
        found = workflow.arranged(connection, who, today)
        at = workplaces(connection, who)
        colleagues = _colleagues(connection, at, today)
    page = render_template(
        "substitutes/substitutes.html",
        rows=found,
        organisations=at,
        colleagues=colleagues,
        myself=_myself(who, colleagues),
        sent=request.form,
        today=today,
        problem=None if problem is None else translated(problem),
        problem_field=None if problem is None else problem.field_name,
    )
    return make_response(page, 200 if problem is None else 422)


def _colleagues(connection: Connection, at: list[Workplace], today: date) -> list[places.Place]:
    return places.colleagues(connection, [each.id for each in at], today)


def _myself(who: Actor, colleagues: list[places.Place]) -> list[places.Place]:
    """Return for whom the visitor may arrange it: oneself, or as coordinator every colleague."""
    if who.roles & {Role.COORDINATOR, Role.ADMINISTRATOR}:
        return colleagues
    return [each for each in colleagues if each.id == who.user_id]
