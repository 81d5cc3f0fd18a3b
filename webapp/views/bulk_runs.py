"""How far work on many cases is, what became of each, and stopping or resuming it."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.bulk_lines import Line, said
from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.bulk import ring
from workflows.bulk.run import cancel, resume
from workflows.reading import bulk
from workflows.steps import BY_CODE

blueprint = Blueprint("bulk_runs", __name__, url_prefix="/werkvoorraad/bulk")
# What needs a look comes first.
_RANKS = ("refused", "waiting", "taken")


@blueprint.get("")
def overview() -> str:
    """List the user's own latest runs."""
    with transaction() as connection:
        found = bulk.recent(connection, actor())
    return render_template("bulk/runs.html", runs=found, steps=BY_CODE)


@blueprint.get("/verloop/<reference:reference>")
def run(reference: str) -> str:
    """Show how far a run is, and what became of each case."""
    with transaction() as connection:
        found = bulk.status(connection, actor(), reference, moment().today)
    step = BY_CODE.get(found.step)
    return render_template(
        "bulk/run.html",
        run=found,
        label=found.step if step is None else gettext(step.label),
        links=found.step == "link",
        lines=sorted(map(_line, found.rows), key=lambda line: _RANKS.index(line.outcome)),
    )


@blueprint.post("/verloop/<reference:reference>/stoppen")
def stop(reference: str) -> Response:
    """Cancel a run; what was taken stays."""
    with transaction() as connection:
        cancel(connection, actor(), reference, moment())
    return redirect(url_for("bulk_runs.run", reference=reference), 303)


@blueprint.post("/verloop/<reference:reference>/hervatten")
def go_on(reference: str) -> Response:
    """Let a cancelled run go on."""
    with transaction() as connection:
        resume(connection, actor(), reference, moment())
    ring(reference)
    return redirect(url_for("bulk_runs.run", reference=reference), 303)


def _line(row: bulk.RunRow) -> Line:
    return Line(
        row.reference,
        row.reference,
        row.name,
        row.household_type,
        row.persons,
        row.outcome,
        said(row.message),
        row.place,
    )
