"""Following the proposals of many households: a preview, then a result per household."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp import forms
from webapp.auth import actor
from webapp.bulk_lines import said
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.jobs.bulk import ring
from webapp.views.linking import filters_of
from webapp.views.matching_runs import REFERENCE, ticked_cases
from workflows.errors import NotFound, Refused, saying
from workflows.matching import following
from workflows.matching.confirming import Followed, Seen, confirm
from workflows.matching.confirming import preview as would_be
from workflows.reading.to_link import ids_of, proposed_ids
from workflows.trail import record_reads

blueprint = Blueprint("confirming", __name__, url_prefix="/koppelen/bevestigen")
MOST = 500
# What is done while the visitor waits; more goes to the background, with progress.
DIRECT = 50
LONGEST_KEY = 60
# A case, its version and the proposal that the preview showed.
_SEEN = re.compile(r"([a-z2-7]{16}):([1-9][0-9]{0,8}):([a-z2-7]{16})")


@blueprint.post("")
def preview() -> Response | str:
    """Show per household what following its proposal would do."""
    who, today, ticked = actor(), moment().today, ticked_cases()
    with transaction() as connection:
        if "whole_list" in request.form:
            keys = proposed_ids(connection, who, filters_of(request.form), today, most=MOST)
        else:
            keys = ids_of(connection, who, ticked, today)
        rows = would_be(connection, who, keys, moment())
        record_reads(connection, moment(), who.user_id, "linking", [row.case.id for row in rows])
    if not rows:
        flash(gettext("Vink eerst een of meer huishoudens met een voorstel aan."), "warning")
        return redirect(url_for("linking.linking"), 303)
    return render_template(
        "linking/preview.html",
        able=[_line(row) for row in rows if row.refusal is None],
        unable=[_line(row) for row in rows if row.refusal is not None],
        key=forms.new_key(),
        most=MOST,
        run=moment().new_reference(),
    )


@blueprint.post("/koppelen")
def link() -> Response | str:
    """Link the households of the preview; sending it again gives the same result."""
    key = forms.usable_key(request.form.get("form_key", ""), LONGEST_KEY)
    sent = dict.fromkeys(request.form.getlist("seen"))
    seen = [
        Seen(found[1], int(found[2]), found[3]) for found in map(_SEEN.fullmatch, sent) if found
    ]
    who = actor()
    if len(seen) > DIRECT:
        return _in_background(seen[:MOST])
    with transaction() as connection:
        rows = confirm(connection, who, seen, key, moment())
        record_reads(connection, moment(), who.user_id, "linking", [row.case.id for row in rows])
    lines = [_line(row) for row in rows]
    return render_template(
        "linking/linked.html",
        linked=[line for line in lines if line["message"] is None],
        refused=[line for line in lines if line["message"] is not None],
    )


def _in_background(seen: list[Seen]) -> Response:
    run = request.form.get("run", "")
    if not REFERENCE.fullmatch(run):
        raise NotFound
    try:
        with transaction() as connection:
            following.start(connection, actor(), seen, moment(), reference=run)
    except Refused as refusal:
        flash(translated(refusal), "warning")
        return redirect(url_for("linking.linking"), 303)
    ring(run)
    return redirect(url_for("bulk_runs.run", reference=run), 303)


def _line(row: Followed) -> dict[str, Any]:
    case = row.case
    return {
        "case": case,
        "value": f"{case.reference}:{case.version}:{case.proposal}",
        "municipality": row.municipality,
        "message": None if row.refusal is None else said(saying(row.refusal)),
    }
