"""Waarom niet: what would make another municipality the choice for a household."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.bulk_lines import said
from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.matching import ring
from webapp.views.matching_runs import REFERENCE
from webapp.why_not_words import sentences, without_floor
from workflows.errors import NotFound
from workflows.matching import runs
from workflows.matching.why_not import WhyNot, demand_waiting, wish_of
from workflows.reading.matching_runs import RunView, run_of
from workflows.reading.places import municipality_names

blueprint = Blueprint("why_not", __name__)
SEE_OTHER = 303


@blueprint.get("/koppelen/huishoudens/<reference:reference>/waarom-niet")
def form(reference: str) -> str:
    """Ask about which municipality somebody wonders."""
    with transaction() as connection:
        demand_waiting(connection, actor(), reference, moment())
        return _page(reference, act_forms.empty(WhyNot, connection, _given()))


@blueprint.post("/koppelen/huishoudens/<reference:reference>/waarom-niet")
def begin(reference: str) -> Response:
    """Start looking for the answer; the same form sent twice is one run."""
    run = request.form.get("run", "")
    if not REFERENCE.fullmatch(run):
        raise NotFound

    def start(connection: Connection, asked: WhyNot) -> Response:
        wish = wish_of(connection, actor(), reference, asked, moment())
        runs.start(connection, actor(), wish, moment(), reference=run)
        return redirect(url_for("why_not.answer", reference=run), SEE_OTHER)

    sent = act_forms.act(WhyNot, start, lambda _connection, shown: _page(reference, shown))
    if sent.status_code == SEE_OTHER:
        ring(run)
    return sent


@blueprint.get("/koppelen/waarom-niet/<reference:reference>")
def answer(reference: str) -> str:
    """Show how far the search is, and the answer."""
    with transaction() as connection:
        found = run_of(connection, actor(), reference)
        wanted = found.request.get("wanted")
        if not wanted:
            raise NotFound
        told = (found.result or {}).get("why_not")
        codes = {wanted["municipality"], (told or {}).get("chosen")} - {None}
        names = municipality_names(connection, codes)
    place = names.get(wanted["municipality"], wanted["municipality"])
    return render_template(
        "linking/why_not_answer.html",
        run=found,
        case=wanted["case"],
        place=place,
        answer=None if told is None else _said(found, place, names),
        failure=said(found.failure),
    )


def _said(found: RunView, place: str, names: dict[str, str]) -> list[str]:
    told = (found.result or {})["why_not"]
    said = [each.text for each in sentences(told, place, names.get(told["chosen"] or ""))]
    return [*said, without_floor()] if found.request.get("floor") == 0 else said


def _given() -> dict[str, str]:
    return {"municipality": request.args["gemeente"]} if "gemeente" in request.args else {}


def _page(reference: str, shown: Form) -> str:
    return render_template(
        "linking/why_not.html", case=reference, form=shown, run=moment().new_reference()
    )
