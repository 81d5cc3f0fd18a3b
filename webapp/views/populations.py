"""Inwonertallen: the table by which quotas are divided, per 1 January."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import format_decimal, gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.quota_tabs import quota_tabs
from workflows.quota.populations import PopulationTable, known_populations, store_populations

blueprint = Blueprint("populations", __name__, url_prefix="/taakstelling/inwonertallen")


@blueprint.get("")
def populations() -> str:
    """Show which tables there are, and take a new one."""
    with transaction() as connection:
        return _page(connection, act_forms.empty(PopulationTable, connection))


@blueprint.post("")
def store() -> Response:
    """Store a table, all or nothing."""

    def run(connection: Connection, payload: PopulationTable) -> Response:
        count = store_populations(connection, actor(), payload, moment())
        words = gettext("Vastgelegd: inwonertallen van %(count)s gemeenten.", count=count)
        flash(words.replace(str(count), format_decimal(count)), "success")
        return redirect(url_for("populations.populations"), 303)

    return act_forms.act(PopulationTable, run, _page)


def _page(connection: Connection, shown: Form) -> str:
    rows = known_populations(connection, actor())
    return render_template(
        "quota/populations.html", tabs_of_quota=quota_tabs(), form=shown, rows=rows
    )
