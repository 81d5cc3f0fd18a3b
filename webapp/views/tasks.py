"""Taken: what a rule put on the list of the visitor's organisation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import TaskKind
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.marking import N_
from webapp.tabs import Tab
from workflows.reading import tasks as reading
from workflows.tasks import finish_task, reopen_task
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


TABS = {"mine": N_("Mijn taken"), "team": N_("Team"), "done": N_("Gedaan")}


@blueprint.get("/taken")
def tasks() -> str:
    """Show a tab of the tasks, the most urgent first."""
    who, today = actor(), moment().today
    with transaction() as connection:
        counts = reading.task_counts(connection, who, today)
        tab = _tab(counts)
        found = reading.tasks(connection, who, tab, today)
        record_reads(connection, moment(), who.user_id, "tasks", [each.case_id for each in found])
    return render_template(
        "tasks/tasks.html",
        rows=[(each, (each.due_on - today).days) for each in found],
        most=reading.MOST,
        what_to_do=WHAT_TO_DO,
        tab=tab,
        tabs_of_tasks=[
            Tab(
                gettext(words), url_for("tasks.tasks", tab=name), name == tab, getattr(counts, name)
            )
            for name, words in TABS.items()
        ],
    )


@blueprint.post("/taken/<reference:reference>/gedaan")
def finish(reference: str) -> Response:
    """Note that a task is done."""
    with transaction() as connection:
        finish_task(connection, actor(), reference, moment())
    flash(gettext("De taak is gedaan."), "success")
    return redirect(url_for("tasks.tasks", tab=_kept()))


@blueprint.post("/taken/<reference:reference>/heropenen")
def reopen(reference: str) -> Response:
    """Put a task back on the list."""
    with transaction() as connection:
        reopen_task(connection, actor(), reference, moment())
    flash(gettext("De taak staat weer open."), "success")
    return redirect(url_for("tasks.tasks", tab=_kept()))


def _kept() -> str | None:
    asked = request.form.get("tab")
    return asked if asked in TABS else None


def _tab(counts: reading.TaskCounts) -> str:
    asked = request.args.get("tab")
    if asked in TABS:
        return asked
    return "mine" if counts.mine else "team"
