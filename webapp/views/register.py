"""Register a household: the step that opens a case."""

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.errors import BUSY, is_busy
from webapp.form_problems import problems_of, show_problems
from webapp.form_reading import Reading
from webapp.marking import N_
from webapp.prefill import prefill
from webapp.sent_form import key_of
from webapp.shared_note import shared_with_municipality
from webapp.sources import Sources
from webapp.step_done import done
from workflows.engine import take
from workflows.errors import InvalidPayload, KeyReused, Refused
from workflows.request import Request
from workflows.steps import BY_CODE

blueprint = Blueprint("register", __name__)
STEP = BY_CODE["register"]
_SENT_BEFORE = N_(
    "Dit huishouden is met dit formulier al geregistreerd. Zoek het dossier op; verstuur het nog "
    "een keer als het om een ander huishouden gaat."
)


@blueprint.get("/registreren")
def form() -> str:
    """Show an empty registration."""
    with transaction() as connection:
        sources = Sources(connection, actor(), moment().today, STEP)
        return _page(forms.step_form(STEP.payload, sources, given=prefill(sources, None)))


@blueprint.post("/registreren")
def submit() -> Response:
    """Open the case, or show the registration again with everything that was typed."""
    try:
        return _attempt()
    except (Refused, InvalidPayload) as refusal:
        return _again(problems_of(refusal), 422)
    except KeyReused:
        return _again({"form": Refused("key_reused", _SENT_BEFORE)}, 409, fresh=True)
    except OperationalError as error:
        if not is_busy(error):
            raise
        return _again({"form": Refused("busy", BUSY)}, 409)


def _attempt() -> Response:
    with transaction() as connection:
        sources = Sources(connection, actor(), moment().today, STEP)
        shown = forms.step_form(STEP.payload, sources, typed=request.form)
        if forms.regrouped(shown, request.form):
            return make_response(_page(shown))
        reading = Reading(sources)
        wanted = reading.read(shown, STEP.payload)
        payload = reading.checked(Request(STEP, actor(), wanted).validated)
    with transaction() as connection:
        result = take(connection, Request(STEP, actor(), payload, key=key_of(shown)), moment())
    return done(STEP, result)


def _again(problems: dict[str, Refused], status: int, *, fresh: bool = False) -> Response:
    with transaction() as connection:
        sources = Sources(connection, actor(), moment().today, STEP)
        shown = forms.step_form(STEP.payload, sources, typed=request.form)
        if fresh:
            shown[forms.KEY].data = forms.new_key()
        show_problems(shown, problems)
        return make_response(_page(shown), status)


def _page(shown: Form) -> str:
    return render_template(
        "case/register.html",
        step=STEP,
        form=shown,
        shared=shared_with_municipality(STEP.payload),
    )
