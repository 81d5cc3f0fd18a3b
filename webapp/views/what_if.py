"""Wat als: what other quotas, weights or arrivals would change; nobody is linked by it."""

import re
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import RunKind, ScoreTerm
from webapp import act_forms, forms
from webapp.auth import actor
from webapp.bulk_lines import said
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.jobs.matching import ring
from webapp.labels import label
from webapp.scenario_words import changes, outcome
from webapp.views.matching_runs import said_of
from workflows.errors import NotFound, Refused
from workflows.matching import runs
from workflows.matching.reading import weights_on
from workflows.matching.what_if import WhatIf, wish_of
from workflows.reading.matching_runs import RunView, run_of, scenarios
from workflows.reading.places import municipality_names

blueprint = Blueprint("what_if", __name__, url_prefix="/koppelen/wat-als")
_REFERENCE = re.compile(r"[a-z2-7]{16}")


@blueprint.get("")
def form() -> str:
    """Show what can be changed, and the scenarios that were kept."""
    with transaction() as connection:
        return _page(connection, act_forms.empty(WhatIf, connection))


@blueprint.post("")
def begin() -> Response:
    """Start a what-if; the same form sent twice is one run."""
    run = request.form.get("run", "")
    if not _REFERENCE.fullmatch(run):
        raise NotFound
    with transaction() as connection:
        shown = act_forms.typed(WhatIf, connection)
        if forms.regrouped(shown, forms.readable(request.form)):
            return make_response(_page(connection, shown))

    def start(connection: Connection, asked: WhatIf) -> Response:
        wish = wish_of(connection, asked, moment())
        runs.start(connection, actor(), wish, moment(), reference=run)
        return redirect(url_for("what_if.scenario", reference=run), 303)

    answer = act_forms.act(WhatIf, start, _page)
    if answer.status_code == 303:  # noqa: PLR2004 - it leads to the run
        ring(run)
    return answer


@blueprint.get("/<reference:reference>")
def scenario(reference: str) -> Response | str:
    """Show how far a what-if is, and what it would change."""
    with transaction() as connection:
        wanted = run_of(connection, actor(), reference).request.get("wanted")
    if wanted:
        return redirect(url_for("why_not.answer", reference=reference), 303)
    return _scenario(reference)


@blueprint.post("/<reference:reference>/bewaren")
def keep(reference: str) -> Response:
    """Keep a what-if under a name."""
    try:
        with transaction() as connection:
            runs.keep(connection, actor(), reference, request.form.get("name", ""), moment())
    except Refused as refusal:
        return make_response(_scenario(reference, translated(refusal)), act_forms.REFUSED)
    flash(gettext("Het scenario is bewaard."), "success")
    return redirect(url_for("what_if.scenario", reference=reference), 303)


@blueprint.post("/<reference:reference>/verwijderen")
def drop(reference: str) -> Response:
    """Delete a what-if."""
    with transaction() as connection:
        runs.drop(connection, actor(), reference, moment())
    flash(gettext("Het scenario is verwijderd."), "success")
    return redirect(url_for("what_if.form"), 303)


def _scenario(reference: str, problem: str | None = None) -> str:
    with transaction() as connection:
        found = run_of(connection, actor(), reference)
        if found.kind != RunKind.WHAT_IF:
            raise NotFound
        names = municipality_names(connection, _codes(found))
    return render_template(
        "linking/scenario.html",
        run=found,
        changes=changes(found.request, names),
        said=said_of(found),
        outcome=None if found.result is None else outcome(found.result, names),
        problem=problem,
        failure=said(found.failure),
    )


def _codes(found: RunView) -> set[str]:
    moves: list[dict[str, Any]] = (found.result or {}).get("difference", {}).get("moves", [])
    codes = {code for move in moves for code in (move["from"], move["to"]) if code}
    return codes | set(found.request["closed"]) | set(found.request["quotas"])


def _page(connection: Connection, shown: Form) -> str:
    try:
        weights = weights_on(connection, moment().today).terms
    except LookupError:
        weights = {}
    return render_template(
        "linking/what_if.html",
        form=shown,
        run=moment().new_reference(),
        scenarios=scenarios(connection, actor()),
        weights=[(label(term), weights[term]) for term in ScoreTerm if term in weights],
    )
