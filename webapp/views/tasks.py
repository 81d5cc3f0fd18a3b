"""Taken: what a rule put on the list of the visitor's organisation."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import TaskKind
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.marking import N_
from workflows.errors import NotFound
from workflows.reading.tasks import MOST, open_tasks
from workflows.tasks import finish_tasks
from workflows.trail import record_reads

blueprint = Blueprint("tasks", __name__)
WHAT_TO_DO = {
    TaskKind.ROOM_EXCEEDED: N_(
        "Er is iemand bijgekomen en het huishouden past niet meer in de taakstelling van de "
        "gemeente. Overleg met de gemeente, of laat de koppeling los."
    ),
    TaskKind.TURNS_18: N_("Deze jongere wordt binnenkort 18. Zoek met de gemeente een eigen huis."),
    TaskKind.HOUSEHOLD_CHANGED: N_(
        "Het huishouden is veranderd. Kijk of de woning en de afspraken nog passen."
    ),
}


@blueprint.get("/taken")
def tasks() -> str:
    """Show the open tasks, the most urgent first."""
    who, today = actor(), moment().today
    with transaction() as connection:
        found = open_tasks(connection, who, today)
        record_reads(connection, moment(), who.user_id, "tasks", [each.case_id for each in found])
    rows = [(each, (each.due_on - today).days) for each in found]
    return render_template("tasks/tasks.html", rows=rows, most=MOST, what_to_do=WHAT_TO_DO)


@blueprint.post("/taken/<reference:reference>/<kind>")
def finish(reference: str, kind: str) -> Response:
    """Note that a task is done."""
    if kind not in {each.value for each in TaskKind}:
        raise NotFound
    with transaction() as connection:
        finish_tasks(connection, actor(), reference, TaskKind(kind), moment())
    flash(gettext("De taak is gedaan."), "success")
    return redirect(url_for("tasks.tasks"))
