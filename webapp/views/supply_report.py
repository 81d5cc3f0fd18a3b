"""Woningen: what a municipality itself expects to have free, month by month."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.matching.supply_report import (
    SupplyReport,
    expected_supply,
    own_municipalities,
    report_supply,
)

blueprint = Blueprint("supply_report", __name__, url_prefix="/woningen")


@blueprint.get("")
def supply() -> str:
    """Show what is expected, with where each figure comes from, and take a report."""
    with transaction() as connection:
        own = own_municipalities(connection, actor())
        given: dict[str, object] = {"month": moment().today.replace(day=1)}
        if len(own) == 1:
            given["municipality"] = own[0]
        return _page(connection, act_forms.empty(SupplyReport, connection, given))


@blueprint.post("")
def report() -> Response:
    """Take a report."""

    def run(connection: Connection, payload: SupplyReport) -> Response:
        report_supply(connection, actor(), payload, moment())
        flash(gettext("De woningen zijn vastgelegd."), "success")
        return redirect(url_for("supply_report.supply"), 303)

    return act_forms.act(SupplyReport, run, _page)


def _page(connection: Connection, shown: Form) -> str:
    rows = expected_supply(connection, actor(), moment().today)
    return render_template("matching/supply.html", form=shown, rows=rows)
