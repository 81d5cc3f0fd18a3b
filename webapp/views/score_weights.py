"""Gewichten: the versions of the weights of the score, and a new one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import ScoreTerm
from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.matching_tabs import matching_tabs
from workflows.matching.weights import HeldWeights, WeightsVersion, add_weights, versions

blueprint = Blueprint("score_weights", __name__, url_prefix="/beheer/koppelgegevens/gewichten")


@blueprint.get("")
def weights() -> str:
    """List every version, and start a new one from the newest."""
    with transaction() as connection:
        newest = next(iter(versions(connection, actor())), None)
        given = {} if newest is None else _given(newest)
        shown = act_forms.empty(WeightsVersion, connection, {**given, "valid_from": moment().today})
        return _page(connection, shown)


@blueprint.post("")
def add() -> Response:
    """Add a version."""

    def run(connection: Connection, payload: WeightsVersion) -> Response:
        version = add_weights(connection, actor(), payload, moment())
        words = gettext(
            "Versie %(version)s is vastgelegd en geldt vanaf %(day)s.",
            version=version,
            day=payload.valid_from.strftime("%d-%m-%Y"),
        )
        flash(words, "success")
        return redirect(url_for("score_weights.weights"), 303)

    return act_forms.act(WeightsVersion, run, _page)


def _given(newest: HeldWeights) -> dict[str, int]:
    terms = {f"{term}_weight": weight for term, weight in newest.weights.items()}
    return {**terms, "balance": newest.balance, "floor": newest.floor}


def _page(connection: Connection, shown: Form) -> str:
    return render_template(
        "matching/weights.html",
        tabs=matching_tabs(),
        form=shown,
        rows=versions(connection, actor()),
        terms=list(ScoreTerm),
    )
