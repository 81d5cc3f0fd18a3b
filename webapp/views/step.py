"""The form of every step on a case, and taking the step."""

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import TO_ACT, Dossier, days_left, open_dossier, timeline_of
from webapp.errors import BUSY, is_busy
from webapp.form_problems import problems_of, show_problems
from webapp.form_reading import Reading
from webapp.handover_parts import said_before
from webapp.marking import N_
from webapp.prefill import prefill
from webapp.sent_form import key_of, renew, version_of
from webapp.shared_note import shared_with_municipality
from webapp.sources import Sources
from webapp.step_done import done
from webapp.uploads import typed_with_files
from workflows import policy
from workflows.engine import take
from workflows.errors import InvalidPayload, KeyReused, NotFound, Refused, StaleVersion
from workflows.handover.moves import ON_HANDOVER
from workflows.handover.record import over
from workflows.reading.handover import last_handover
from workflows.reading.link_choices import link_choices
from workflows.request import Request
from workflows.step import Step
from workflows.steps import BY_CODE

blueprint = Blueprint("step", __name__)
DANGEROUS = frozenset(
    {
        "end",
        "reject_handover",
        "release_link",
        "refuse_offer",
        "withdraw_handover",
        "withdraw_offer",
    }
)


def step_named(code: str) -> Step:
    """Return a step on an existing case; raises `NotFound` for any other word."""
    step = BY_CODE.get(code)
    if step is None or step.opens_case:
        raise NotFound
    return step


@blueprint.get("/dossiers/<reference:reference>/<code>")
def form(reference: str, code: str) -> Response | str:
    """Show the form of a step."""
    step = step_named(code)
    if code == "accept_handover":
        # Nobody accepts before the preview and the possible duplicates.
        return redirect(url_for("case.case", reference=reference, deel="overdracht"))
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), reference, moment(), TO_ACT)
        if step not in dossier.acts:
            return _impossible(dossier, step)
        sources = _sources(connection, dossier, step)
        chosen = request.args.get("wie") or request.args.get("gemeente")
        given = prefill(sources, chosen)
        shown = forms.step_form(step.payload, sources, given=given, version=dossier.case.version)
        return _page(sources, dossier, step, shown)


@blueprint.post("/dossiers/<reference:reference>/<code>")
def submit(reference: str, code: str) -> Response:
    """Take a step; whatever goes wrong, the form comes back with all that was typed."""
    step = step_named(code)
    policy.demand(actor(), step.permission)
    sent = Sent(reference, step, *typed_with_files(step.payload))
    try:
        return _attempt(sent)
    except NotFound:
        return _out_of_sight(reference, step)
    except (Refused, InvalidPayload) as refusal:
        return _again(sent, problems_of(refusal), 422)
    except StaleVersion as conflict:
        return _conflict(sent, conflict)
    except KeyReused:
        message = Refused("key_reused", _SENT_BEFORE)
        return _again(sent, {"form": message}, 409, fresh=True)
    except OperationalError as error:
        if not is_busy(error):
            raise
        return _again(sent, {"form": Refused("busy", BUSY)}, 409)


def _out_of_sight(reference: str, step: Step) -> Response:
    """Tell who acted on a handover whose case went out of sight what became of it."""
    if step.code not in ON_HANDOVER:
        raise NotFound
    with transaction() as connection:
        view = last_handover(connection, actor(), reference, moment().today)
    flash(gettext(over(view.stage).message), "warning")
    return redirect(url_for("handover.handover", reference=view.reference), 303)


_SENT_BEFORE = N_(
    "Dit formulier is al eerder met een andere inhoud verstuurd. Kijk in het dossier wat er staat; "
    "verstuur het nog een keer als u ook dit wilt vastleggen."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent for a step on a case: what was typed, and files that were refused."""

    case: str
    step: Step
    typed: MultiDict[str, str]
    problems: dict[str, Refused]


def _attempt(sent: Sent) -> Response:
    reference, step = sent.case, sent.step
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), reference, moment(), TO_ACT)
        sources = _sources(connection, dossier, step)
        shown = forms.step_form(step.payload, sources, typed=sent.typed)
        if forms.regrouped(shown, sent.typed):
            return make_response(_page(sources, dossier, step, shown))
        reading = Reading(sources)
        reading.problems.update(sent.problems)
        wanted = reading.read(shown, step.payload)
        asked = Request(step, actor(), wanted, reference, version_of(shown), key_of(shown))
        payload = reading.checked(asked.validated)
    with transaction() as connection:
        result = take(
            connection,
            Request(step, actor(), payload, reference, version_of(shown), key_of(shown)),
            moment(),
        )
    return done(step, result)


def _sources(connection: Connection, dossier: Dossier, step: Step) -> Sources:
    return Sources(connection, actor(), moment().today, step, dossier.case, dossier.members)


def _page(sources: Sources, dossier: Dossier, step: Step, shown: Form) -> str:
    choices = None
    if step.code == "link":
        moving = sum(member.realised_on is None for member in dossier.present)
        choices = link_choices(sources.connection, dossier.case, moving, moment().today)
    return render_template(
        "case/step.html",
        choices=choices,
        said=said_before(sources.connection, actor(), dossier, step, moment().today),
        dossier=dossier,
        step=step,
        form=shown,
        days=days_left(dossier.case, moment().today),
        shared=shared_with_municipality(step.payload),
        danger=step.code in DANGEROUS,
        today=moment().today,
    )


def _again(
    sent: Sent, problems: dict[str, Refused], status: int, *, fresh: bool = False
) -> Response:
    step = sent.step
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), sent.case, moment(), TO_ACT)
        sources = _sources(connection, dossier, step)
        shown = forms.step_form(step.payload, sources, typed=sent.typed)
        if fresh:
            renew(shown, dossier.case.version)
        show_problems(shown, problems)
        return make_response(_page(sources, dossier, step, shown), status)


def _conflict(sent: Sent, conflict: StaleVersion) -> Response:
    reference, step = sent.case, sent.step
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), reference, moment(), TO_ACT)
        sources = _sources(connection, dossier, step)
        shown = forms.step_form(step.payload, sources, typed=sent.typed)
        renew(shown, dossier.case.version)
        page = render_template(
            "errors/conflict.html",
            case_url=url_for("case.case", reference=reference),
            entries=timeline_of(connection, dossier, after_version=max(conflict.seen, 0)),
            form=shown,
            form_title=gettext(step.label),
            submit_label=gettext(step.label),
            action_url=url_for("step.submit", reference=reference, code=step.code),
            possible=step in dossier.acts,
        )
        return make_response(page, 409)


def _impossible(dossier: Dossier, step: Step) -> Response:
    page = render_template("case/impossible.html", dossier=dossier, step=step)
    return make_response(page, 409)
