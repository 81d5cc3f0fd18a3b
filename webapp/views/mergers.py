"""Herindelingen: municipalities that become one on 1 January."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.quota_tabs import quota_tabs
from workflows.quota.merger import merge_municipalities
from workflows.quota.merger_rules import Merger
from workflows.reading.merger_preview import MergerPreview, preview_merger
from workflows.reading.mergers import mergers as all_mergers

blueprint = Blueprint("mergers", __name__, url_prefix="/taakstelling/herindelingen")


@blueprint.get("")
def mergers() -> str:
    """List the mergers, and ask for the next."""
    with transaction() as connection:
        given = {"on_date": moment().today.replace(month=1, day=1)}
        return _page(connection, act_forms.empty(Merger, connection, given))


@blueprint.post("/voorbeeld")
def preview() -> Response:
    """Show what a merger would move; nothing is stored."""

    def run(connection: Connection, payload: Merger) -> Response:
        found = preview_merger(connection, actor(), payload, moment())
        shown = act_forms.typed(Merger, connection)
        return make_response(_page(connection, shown, payload, found))

    return act_forms.act(Merger, run, _page)


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


def _page(
    connection: Connection,
    shown: Form,
    asked: Merger | None = None,
    found: MergerPreview | None = None,
) -> str:
    return render_template(
        "quota/mergers.html",
        tabs_of_quota=quota_tabs(),
        form=shown,
        rows=all_mergers(connection, actor()),
        asked=asked,
        preview=found,
    )
