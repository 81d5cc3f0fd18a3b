"""Herindelingen: municipalities that become one on 1 January."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.quota_tabs import quota_tabs
from workflows.quota.merger import Merger, merge_municipalities
from workflows.reading.mergers import mergers as all_mergers

blueprint = Blueprint("mergers", __name__, url_prefix="/taakstelling/herindelingen")


@blueprint.get("")
def mergers() -> str:
    """List the mergers, and ask for the next."""
    with transaction() as connection:
        given = {"on_date": moment().today.replace(month=1, day=1)}
        return _page(connection, act_forms.empty(Merger, connection, given))


@blueprint.post("")
def merge() -> Response:
    """Merge municipalities with their cases and users."""

    def run(connection: Connection, payload: Merger) -> Response:
        merged = merge_municipalities(connection, actor(), payload, moment())
        flash(
            gettext(
                "De herindeling is vastgelegd: %(cases)s dossiers en %(grants)s rollen gingen mee.",
                cases=merged.cases,
                grants=merged.grants,
            ),
            "success",
        )
        return redirect(url_for("mergers.mergers"), 303)

    return act_forms.act(Merger, run, _page)


def _page(connection: Connection, shown: Form) -> str:
    rows = all_mergers(connection, actor())
    return render_template("quota/mergers.html", tabs_of_quota=quota_tabs(), form=shown, rows=rows)
