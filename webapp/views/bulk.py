"""One step on the cases that were ticked in the work queue: choose, fill in, preview, start."""

import re
from typing import Any
from urllib.parse import parse_qsl

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import fields, forms
from webapp.auth import actor
from webapp.bulk_lines import Line, said
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import problems_of, show_problems, translated
from webapp.form_reading import Reading
from webapp.jobs.bulk import ring
from webapp.payload_fields import form_class
from webapp.sources import Sources
from webapp.views.queue import TABS, filters_of
from workflows.bulk.fitting import BULK_STEPS, Order, order, steps_for
from workflows.bulk.preview import MOST_CASES, PreviewRow, prepare
from workflows.bulk.run import start
from workflows.errors import InvalidPayload, NotFound, Refused
from workflows.reading.queue import references
from workflows.step import Step
from workflows.trail import record_reads

blueprint = Blueprint("bulk", __name__, url_prefix="/werkvoorraad/bulk")
CASES = "case"
WHOLE_LIST = "whole_list"
RUN = "run"
_REFERENCE = re.compile(r"[a-z2-7]{16}")
# A case with the version that the preview showed.
_SEEN = re.compile(r"([a-z2-7]{16}):([1-9][0-9]{0,8})")


@blueprint.post("")
def choose() -> Response | str:
    """Ask which step the ticked cases are to get."""
    ticked = _whole_list() if WHOLE_LIST in request.form else _ticked()
    if not ticked or len(ticked) > MOST_CASES:
        flash(_number_words(len(ticked)), "warning")
        return redirect(url_for("queue.queue"), 303)
    return render_template("bulk/choose.html", steps=steps_for(actor()), cases=ticked)


@blueprint.post("/<code>")
def form(code: str) -> str:
    """Show the fields that all ticked cases share."""
    step = _step(code)
    with transaction() as connection:
        return _form_page(step, _shown(connection, step, typed=False))


@blueprint.post("/<code>/voorbeeld")
def preview(code: str) -> Response | str:
    """Show per case what the step would do, or the form again with what is wrong."""
    return _preview(_step(code))


@blueprint.post("/<code>/starten")
def begin(code: str) -> Response | str:
    """Store the run and ring for a worker; the same form sent twice is one run."""
    step = _step(code)
    run = request.form.get(RUN, "")
    seen = [(found[1], int(found[2])) for found in map(_SEEN.fullmatch, _values()) if found]
    if not _REFERENCE.fullmatch(run):
        return _preview(step)
    try:
        with transaction() as connection:
            wanted = _order(step, _sources(connection, step))
            start(connection, wanted, seen, moment(), reference=run)
    except InvalidPayload:
        return _preview(step)
    except Refused as refusal:
        return _preview(step, translated(refusal))
    ring(run)
    return redirect(url_for("bulk_runs.run", reference=run), 303)


def _values() -> list[str]:
    return request.form.getlist(CASES)


def _ticked() -> list[str]:
    """Return the references that were sent, with or without the version seen."""
    sent = dict.fromkeys(value.partition(":")[0] for value in _values())
    return [reference for reference in sent if _REFERENCE.fullmatch(reference)]


def _whole_list() -> list[str]:
    """Return the references of the queue page's whole tab, beyond the rows that it shows."""
    asked = MultiDict(parse_qsl(request.form.get("query", "")))
    tab = request.form.get("tab", "")
    if tab not in TABS:
        raise NotFound
    with transaction() as connection:
        filters, today = filters_of(asked), moment().today
        return references(connection, actor(), tab, filters, today, most=MOST_CASES + 1)


def _number_words(number: int) -> str:
    words: str = gettext("Vink eerst een of meer dossiers aan.")
    if number:
        words = gettext("Kies ten hoogste %(most)s dossiers tegelijk.", most=MOST_CASES)
    return words


def _step(code: str) -> Step:
    step = BULK_STEPS.get(code)
    if step is None or step not in steps_for(actor()):
        raise NotFound
    return step


def _sources(connection: Connection, step: Step) -> Sources:
    return Sources(connection, actor(), moment().today, step)


def _shown(connection: Connection, step: Step, *, typed: bool) -> Form:
    """Return the step's form without its personal fields, which differ from case to case."""
    base = form_class(step.payload, _sources(connection, step))
    kept: Any = type(base.__name__, (base,), dict.fromkeys(step.payload.personal_fields))
    made: Form = kept(formdata=forms.readable(request.form)) if typed else kept(data=_given(step))
    return made


def _given(step: Step) -> dict[str, Any]:
    declared = step.payload.model_fields
    return {name: info.default for name, info in declared.items() if not info.is_required()}


def _order(step: Step, sources: Sources) -> Order:
    """Return the order that was typed; raises `InvalidPayload` with everything found wrong."""
    shown = _shown(sources.connection, step, typed=True)
    reading = Reading(sources)
    values = reading.read(shown, step.payload)
    return reading.checked(lambda: order(actor(), step.code, values))


def _preview(step: Step, problem: str | None = None) -> Response | str:
    ticked = _ticked()
    with transaction() as connection:
        try:
            wanted = _order(step, _sources(connection, step))
            rows = prepare(connection, wanted, ticked, moment())
            seen = [row.case.id for row in rows if row.case is not None]
            record_reads(connection, moment(), actor().user_id, "bulk", seen)
        except (InvalidPayload, Refused) as refusal:
            shown = _shown(connection, step, typed=True)
            show_problems(shown, problems_of(refusal))
            return make_response(_form_page(step, shown), 422)
        shown = _shown(connection, step, typed=True)
    page = _preview_page(step, shown, rows, problem)
    return page if problem is None else make_response(page, 409)


def _form_page(step: Step, shown: Form) -> str:
    return render_template("bulk/form.html", step=step, form=shown, cases=_ticked())


def _preview_page(step: Step, shown: Form, rows: list[PreviewRow], problem: str | None) -> str:
    lines = [_previewed(row) for row in rows]
    return render_template(
        "bulk/preview.html",
        step=step,
        form=shown,
        typed=[(field.name, value) for field in shown for value in _typed(field.name)],
        able=[line for line in lines if line.outcome == "waiting"],
        unable=[line for line in lines if line.outcome == "refused"],
        cases=[line.reference for line in lines],
        run=moment().new_reference(),
        problem=problem,
    )


def _typed(name: str) -> list[str]:
    return [value for value in request.form.getlist(name) if fields.UNREADABLE not in value]


def _previewed(row: PreviewRow) -> Line:
    case = row.case
    if case is None:
        return Line(row.reference, row.reference, None, None, None, "refused", said(row.refusal))
    return Line(
        row.reference,
        f"{row.reference}:{case.version}",
        case.name,
        case.household_type,
        case.persons,
        "waiting" if row.refusal is None else "refused",
        said(row.refusal),
    )
