"""Making proposals: starting a run, following it, stopping it, and what it says of itself."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import RunKind
from webapp.auth import actor
from webapp.bulk_lines import said
from webapp.clock import moment
from webapp.db import transaction
from webapp.floor_words import floor_words
from webapp.jobs.matching import ring
from webapp.run_words import (
    balance_words,
    certificate,
    fairness_words,
    held_back_words,
    unplaced_words,
)
from workflows.errors import NotFound
from workflows.matching import runs
from workflows.reading.matching_runs import RunView, latest, run_of

blueprint = Blueprint("matching_runs", __name__, url_prefix="/koppelen/berekeningen")
MOST_TICKED = 500
REFERENCE = re.compile(r"[a-z2-7]{16}")


@blueprint.get("")
def overview() -> str:
    """List the user's own latest runs."""
    with transaction() as connection:
        found = latest(connection, actor())
    return render_template("linking/runs.html", runs=found)


@blueprint.post("")
def begin() -> Response:
    """Start a run for all households or for the ticked ones; the same form twice is one run."""
    run = request.form.get("run", "")
    ticked = ticked_cases()
    if not REFERENCE.fullmatch(run):
        raise NotFound
    if "all" not in request.form and not ticked:
        flash(gettext("Vink eerst een of meer huishoudens aan."), "warning")
        return redirect(url_for("linking.linking"), 303)
    references = None if "all" in request.form else ticked
    with transaction() as connection:
        runs.start(connection, actor(), runs.Wish(references=references), moment(), reference=run)
    ring(run)
    return redirect(url_for("matching_runs.run", reference=run), 303)


@blueprint.get("/<reference:reference>")
def run(reference: str) -> str | Response:
    """Show how far a run is, and what it says of itself when it is done."""
    with transaction() as connection:
        found = run_of(connection, actor(), reference)
    if found.kind == RunKind.WHAT_IF:
        return redirect(url_for("what_if.scenario", reference=reference), 303)
    return render_template(
        "linking/run.html", run=found, said=said_of(found), failure=said(found.failure)
    )


@blueprint.post("/<reference:reference>/stoppen")
def stop(reference: str) -> Response:
    """Cancel a run: it proposes nothing."""
    with transaction() as connection:
        runs.cancel(connection, actor(), reference, moment())
    return redirect(url_for("matching_runs.run", reference=reference), 303)


def ticked_cases() -> list[str]:
    """Return the references that were ticked, each once."""
    sent = dict.fromkeys(request.form.getlist("case"))
    return [reference for reference in sent if REFERENCE.fullmatch(reference)][:MOST_TICKED]


def said_of(found: RunView) -> dict[str, Any] | None:
    """Return in words what a finished run says of itself; None while there is nothing."""
    if found.result is None:
        return None
    result = found.result
    proposed = result.get("households_proposed", result["households_placed"])
    return {
        **result,
        "proposed": proposed,
        "changed": result["households_placed"] - proposed,
        "certificate": certificate(result).text,
        "unplaced": unplaced_words(result),
        "balance": balance_words(result),
        "held_back": held_back_words(result),
        "fairness": fairness_words(result),
        "floor": floor_words(result.get("floor")),
    }
