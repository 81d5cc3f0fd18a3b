"""Uitkomsten: whose work or study a municipality is to measure now, and what it measured."""

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import OutcomeKind
from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import problems_of, translated
from webapp.marking import N_
from workflows.engine import take
from workflows.errors import InvalidPayload, KeyReused, Refused, StaleVersion
from workflows.reading import outcomes as reading
from workflows.request import Request
from workflows.steps import BY_CODE
from workflows.trail import record_reads

blueprint = Blueprint("outcomes", __name__, url_prefix="/gemeente/uitkomsten")
STEP = BY_CODE["record_outcome"]
_CHANGED = N_("Dit dossier is net veranderd. Kijk of de regel nog klopt en verstuur haar opnieuw.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with which row."""

    case: str = ""
    person: str = ""
    months: str = ""
    words: str = ""


@blueprint.get("")
def outcomes() -> str:
    """Show what is to be measured now, each to be recorded in its row, and what was measured."""
    return _page(Problem())


@blueprint.post("")
def record() -> Response:
    """Record the outcome of one row; whatever goes wrong stands beside that row."""
    sent = request.form
    case, person, months = (sent.get(name, "") for name in ("case", "member", "months_after"))
    payload = {
        "member": person,
        "months_after": months,
        "kind": sent.get("kind", ""),
        "measured_on": moment().today,
    }
    version = sent.get("form_version", "")
    asked = Request(
        STEP,
        actor(),
        payload,
        case,
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1,  # noqa: PLR2004 - a version is a small number
        forms.usable_key(sent.get("form_key", "")),
    )
    try:
        with transaction() as connection:
            take(connection, asked, moment())
    except (Refused, InvalidPayload) as refusal:
        words = " ".join(translated(each) for each in problems_of(refusal).values())
        return make_response(_page(Problem(case, person, months, words)), 422)
    except (StaleVersion, KeyReused):
        return make_response(_page(Problem(case, person, months, gettext(_CHANGED))), 409)
    flash(gettext("%(step)s is vastgelegd.", step=gettext(STEP.label)), "success")
    return redirect(url_for("outcomes.outcomes"), 303)


def _page(problem: Problem) -> str:
    who, now = actor(), moment()
    with transaction() as connection:
        due = reading.due_outcomes(connection, who, now.today)
        held = reading.held_outcomes(connection, who, now.today)
        total = reading.count_due(connection, who, now.today)
        seen = [*(each.case_id for each in due), *(each.case_id for each in held)]
        record_reads(connection, now, who.user_id, "outcomes", seen)
    return render_template(
        "inbox/outcomes.html",
        due=[(row, forms.new_key()) for row in due],
        held=held,
        total=total,
        kinds=list(OutcomeKind),
        problem=problem,
    )
