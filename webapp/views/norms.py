"""Normen: what holds today, what will and what did, with its source; a change is a new version."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import HousingKind
from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.labels import label
from webapp.labels.norms import amount_words
from webapp.rendering import day
from workflows.permissions import Permission
from workflows.policy import may
from workflows.rule_versions import (
    NewCountRule,
    NewNorm,
    Version,
    add_count_rule,
    add_norm,
    count_versions,
    norm_versions,
)
from workflows.rules.norms import NormCode

blueprint = Blueprint("norms", __name__, url_prefix="/beheer/normen")


@blueprint.get("")
def norms() -> str:
    """Show every version of every norm, and take a new one."""
    with transaction() as connection:
        return _norms(connection, act_forms.empty(NewNorm, connection))


@blueprint.post("")
def set_norm() -> Response:
    """Add a version of a norm."""

    def run(connection: Connection, payload: NewNorm) -> Response:
        add_norm(connection, actor(), payload, moment())
        _told(label(payload.code, NormCode), payload.valid_from)
        return redirect(url_for("norms.norms"), 303)

    return act_forms.act(NewNorm, run, _norms)


@blueprint.get("/meetellen")
def count_rules() -> str:
    """Show which kinds of housing count, and take a new version."""
    with transaction() as connection:
        return _count_rules(connection, act_forms.empty(NewCountRule, connection))


@blueprint.post("/meetellen")
def set_count_rule() -> Response:
    """Add a version of a count rule."""

    def run(connection: Connection, payload: NewCountRule) -> Response:
        add_count_rule(connection, actor(), payload, moment())
        _told(label(payload.housing_kind), payload.valid_from)
        return redirect(url_for("norms.count_rules"), 303)

    return act_forms.act(NewCountRule, run, _count_rules)


def _told(what: str, valid_from: date) -> None:
    words = gettext("Vastgelegd: „%(what)s” verandert op %(day)s.", what=what, day=day(valid_from))
    flash(words, "success")


def _norms(connection: Connection, shown: Form) -> str:
    rows = [
        (version, label(version.code, NormCode), amount_words(version.code, version.value))
        for version in sorted(norm_versions(connection, actor()), key=_in_order)
    ]
    return _page(rows, shown, url_for("norms.set_norm"), "norms")


def _in_order(version: Version) -> int:
    """Return where a norm stands in the process."""
    return list(NormCode).index(NormCode(version.code))


def _count_rules(connection: Connection, shown: Form) -> str:
    words = {True: gettext("Telt mee"), False: gettext("Telt niet mee")}
    rows = [
        (version, label(version.code, HousingKind), words[bool(version.value)])
        for version in count_versions(connection, actor())
    ]
    return _page(rows, shown, url_for("norms.set_count_rule"), "count_rules")


def _page(rows: list[tuple[Version, str, str]], shown: Form, action: str, current: str) -> str:
    today = moment().today
    return render_template(
        "norms/norms.html",
        groups=(
            ("now", [row for row in rows if row[0].holds(today)]),
            ("coming", [row for row in rows if row[0].valid_from > today]),
            ("past", [row for row in rows if row[0].valid_until and row[0].valid_until <= today]),
        ),
        form=shown if may(actor(), Permission.KEEP_NORMS) else None,
        action=action,
        current=current,
    )
