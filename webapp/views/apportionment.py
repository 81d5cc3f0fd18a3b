"""Verdelen: both methods side by side, then the assignment or revision of a national number."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import ApportionMethod
from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import problems_of, show_problems
from webapp.quota_tabs import quota_tabs
from workflows.errors import InvalidPayload, Refused
from workflows.quota.announcing import Division, NationalNumber, announce, first_day
from workflows.quota.preview import PUBLISHED, STATUTE, Preview, preview
from workflows.request import parsed

blueprint = Blueprint("apportionment", __name__, url_prefix="/taakstelling/verdelen")
METHODS = (PUBLISHED, STATUTE)


@blueprint.get("")
def form() -> str:
    """Ask for a national number; with one in the address, show what both methods make of it."""
    asked = {"half_year": request.args.get("halfjaar"), "persons": request.args.get("aantal")}
    with transaction() as connection:
        shown = act_forms.empty(NationalNumber, connection, asked)
        if not any(asked.values()):
            return _page(shown, None, None)
        try:
            number = parsed(NationalNumber, {name: value for name, value in asked.items() if value})
            found = preview(connection, actor(), number.period, number.persons)
        except (InvalidPayload, Refused) as refusal:
            show_problems(shown, problems_of(refusal))
            return _page(shown, None, None)
        return _page(shown, found, _division_form(connection, found))


def _division_form(connection: Connection, found: Preview) -> Form:
    given: dict[str, Any] = {
        "half_year": str(found.half_year),
        "persons": str(found.persons),
        "method": ApportionMethod.PUBLISHED_HALF_UP.value,
    }
    if found.present is not None:
        given["effective_on"] = first_day(found.half_year, moment().today)
    return _fitted(act_forms.empty(Division, connection, given), revises=found.present is not None)


def _fitted(shown: Form, *, revises: bool) -> Form:
    """Leave the figures out of sight, as they were previewed, and the day where none is asked."""
    method: Any = shown["method"]
    method.choices = [each for each in method.choices if each.value != ApportionMethod.GIVEN]
    if not revises:
        del shown["effective_on"]
    return shown


@blueprint.post("")
def assign() -> Response:
    """Assign the number, or revise the one that holds; the preview stays when it is refused."""

    def run(connection: Connection, payload: Division) -> Response:
        revised = announce(connection, actor(), payload, moment())
        if revised is None:
            words = gettext("De taakstelling van %(half)s is vastgesteld.", half=payload.half_year)
        else:
            changed = sum(change != 0 for change in revised.changes.values())
            words = gettext(
                "De taakstelling van %(half)s is herzien; bij %(count)s gemeenten is het verschil "
                "geboekt.",
                half=payload.half_year,
                count=changed,
            )
        flash(words, "success")
        return redirect(
            url_for("apportionment.form", halfjaar=payload.half_year, aantal=payload.persons)
        )

    def page(connection: Connection, shown: Form) -> str:
        asked = {"half_year": shown["half_year"].data, "persons": shown["persons"].data}
        number_form = act_forms.empty(NationalNumber, connection, asked)
        try:
            number = parsed(NationalNumber, {name: value for name, value in asked.items() if value})
            found = preview(connection, actor(), number.period, number.persons)
        except (InvalidPayload, Refused) as refusal:
            show_problems(number_form, problems_of(refusal))
            return _page(number_form, None, None)
        fitted = _fitted(
            shown, revises=found.present is not None or bool(shown["effective_on"].errors)
        )
        return _page(number_form, found, fitted)

    return act_forms.act(Division, run, page)


def _page(shown: Form, found: Preview | None, division: Form | None) -> str:
    return render_template(
        "quota/apportionment.html",
        tabs_of_quota=quota_tabs(),
        form=shown,
        found=found,
        division=division,
        methods=METHODS,
    )
