"""Aansluiting: moved in but not signed off, and signed off but disputed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.permissions import Permission
from workflows.policy import may
from workflows.quota.dispute import Dispute, Settlement, dispute, settle
from workflows.reading import reconciliation as reading

blueprint = Blueprint("reconciliation", __name__, url_prefix="/taakstelling/aansluiting")


@blueprint.get("")
def reconciliation() -> str:
    """Show the lists of the visitor's municipality or cases."""
    today = moment().today
    with transaction() as connection:
        found = reading.reconciliation(connection, actor(), today)
    return render_template(
        "quota/reconciliation.html",
        found=found,
        today=today,
        disputes=may(actor(), Permission.DISPUTE_REALISATION),
        opens_cases=may(actor(), Permission.VIEW_CASE),
        most=reading.MOST,
    )


@blueprint.get("/personen/<reference:person>")
def form(person: str) -> str:
    """Ask why a realisation is disputed."""
    with transaction() as connection:
        return _form_page(connection, act_forms.empty(Dispute, connection), person)


@blueprint.post("/personen/<reference:person>")
def submit(person: str) -> Response:
    """Dispute a realisation."""

    def run(connection: Connection, payload: Dispute) -> Response:
        reference = dispute(connection, actor(), person, payload, moment())
        flash(gettext("De betwisting is vastgelegd."), "success")
        return redirect(url_for("reconciliation.disputed", reference=reference), 303)

    return act_forms.act(
        Dispute, run, lambda connection, shown: _form_page(connection, shown, person)
    )


@blueprint.get("/<reference:reference>")
def disputed(reference: str) -> str:
    """Show a dispute."""
    with transaction() as connection:
        return _page(connection, act_forms.empty(Settlement, connection), reference)


@blueprint.post("/<reference:reference>")
def end(reference: str) -> Response:
    """Settle a dispute."""

    def run(connection: Connection, payload: Settlement) -> Response:
        settle(connection, actor(), reference, payload, moment())
        flash(gettext("De betwisting is afgehandeld."), "success")
        return redirect(url_for("reconciliation.disputed", reference=reference), 303)

    return act_forms.act(
        Settlement, run, lambda connection, shown: _page(connection, shown, reference)
    )


def _form_page(connection: Connection, shown: Form, person: str) -> str:
    found = reading.signed_off(connection, actor(), moment().today, person)
    return render_template("quota/dispute_form.html", form=shown, found=found)


def _page(connection: Connection, shown: Form, reference: str) -> str:
    found = reading.disputed(connection, actor(), moment().today, reference)
    return render_template(
        "quota/dispute.html",
        form=shown,
        found=found,
        settles=found.settlement is None and may(actor(), Permission.DISPUTE_REALISATION),
    )
