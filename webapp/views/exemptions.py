"""Vrijstellingen: which municipalities have no quota, and when."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.quota_tabs import quota_tabs
from workflows.quota.exemptions import (
    Exemption,
    ExemptionEnd,
    HeldExemption,
    end_exemption,
    exempt,
)
from workflows.quota.exemptions import exemptions as all_exemptions

blueprint = Blueprint("exemptions", __name__, url_prefix="/taakstelling/vrijstellingen")


@blueprint.get("")
def exemptions() -> str:
    """List every exemption there is or was."""
    with transaction() as connection:
        shown = act_forms.empty(Exemption, connection, {"valid_from": moment().today})
        return _page(connection, shown)


@blueprint.post("")
def add() -> Response:
    """Exempt a municipality."""

    def run(connection: Connection, payload: Exemption) -> Response:
        exempt(connection, actor(), payload, moment())
        return _done()

    return act_forms.act(Exemption, run, _page)


@blueprint.get("/<code>/<vanaf>")
def ending(code: str, vanaf: str) -> str:
    """Ask when an exemption ends."""
    with transaction() as connection:
        shown = act_forms.empty(ExemptionEnd, connection, {"valid_until": moment().today})
        return _end_page(connection, shown, code, vanaf)


@blueprint.post("/<code>/<vanaf>")
def end(code: str, vanaf: str) -> Response:
    """End an exemption."""

    def run(connection: Connection, payload: ExemptionEnd) -> Response:
        end_exemption(connection, actor(), payload, moment())
        return _done()

    return act_forms.act(
        ExemptionEnd,
        run,
        lambda connection, shown: _end_page(connection, shown, code, vanaf),
        {"municipality": code, "valid_from": vanaf},
    )


def _done() -> Response:
    flash(gettext("De vrijstelling is vastgelegd."), "success")
    return redirect(url_for("exemptions.exemptions"), 303)


def _page(connection: Connection, shown: Form) -> str:
    rows = all_exemptions(connection, actor())
    return render_template(
        "quota/exemptions.html",
        tabs_of_quota=quota_tabs(),
        form=shown,
        rows=rows,
        today=moment().today,
    )


def _end_page(connection: Connection, shown: Form, code: str, vanaf: str) -> str:
    return render_template(
        "quota/exemption_end.html",
        form=shown,
        exemption=_named(all_exemptions(connection, actor()), code, vanaf),
        action=request.path,
    )


def _named(rows: list[HeldExemption], code: str, vanaf: str) -> HeldExemption | None:
    return next((row for row in rows if (row.code, row.valid_from) == (code, _day(vanaf))), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
