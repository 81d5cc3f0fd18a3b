"""Scoremodel: what outcomes teach, how it was tested, and a person who switches it on or off."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import format_decimal, gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import FairnessDimension, ModelFeature, OutcomeKind, ScoreTerm
from webapp import act_forms, labels
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.fairness_words import group_words
from webapp.matching_tabs import report_tabs
from webapp.score_model_words import coefficient_words, gain_words, number, rival_rows
from workflows.matching.fitted import choosing
from workflows.matching.fitted.choosing import ScoreModelReason
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading import outcomes as counting
from workflows.reading import score_models as reading

blueprint = Blueprint("score_models", __name__, url_prefix="/koppelen/model")
VERSION = "/<int(min=1, max=999999):version>"


@blueprint.get("")
def overview() -> str:
    """Show what scores now, every version, who chose, and what was measured."""
    with transaction() as connection:
        return _overview(connection, act_forms.empty(ScoreModelReason, connection))


@blueprint.post("")
def switch_off() -> Response:
    """Let the points model score again."""

    def run(connection: Connection, payload: ScoreModelReason) -> Response:
        choosing.switch_off(connection, actor(), payload, moment())
        flash(gettext("Het puntenmodel geeft weer de score."), "success")
        return redirect(url_for("score_models.overview"), 303)

    return act_forms.act(ScoreModelReason, run, _overview)


@blueprint.get(VERSION)
def version(version: int) -> str:
    """Show the coefficients and the report of a version."""
    with transaction() as connection:
        return _version(connection, act_forms.empty(ScoreModelReason, connection), version)


@blueprint.post(VERSION)
def switch_on(version: int) -> Response:
    """Let a version score from now on."""

    def run(connection: Connection, payload: ScoreModelReason) -> Response:
        choosing.switch_on(connection, actor(), version, payload, moment())
        words = gettext("Versie %(version)s van het model geeft nu de score.", version=version)
        flash(words, "success")
        return redirect(url_for("score_models.overview"), 303)

    return act_forms.act(
        ScoreModelReason, run, lambda connection, shown: _version(connection, shown, version)
    )


def _overview(connection: Connection, shown: Form) -> str:
    who = actor()
    return render_template(
        "fairness/score_models.html",
        tabs_of_page=report_tabs(),
        models=reading.score_models(connection, who),
        in_force=choosing.version_in_force(connection),
        choices=reading.choices(connection, who),
        counts=counting.outcome_counts(connection, who, moment().today),
        kinds=list(OutcomeKind),
        kind_columns=[{"label": labels.label(each), "numeric": True} for each in OutcomeKind],
        form=shown,
        may_choose=may(who, Permission.CHOOSE_SCORE_MODEL),
    )


def _version(connection: Connection, shown: Form, version: int) -> str:
    who = actor()
    model = reading.score_model(connection, who, version)
    return render_template(
        "fairness/score_model.html",
        model=model,
        in_force=choosing.version_in_force(connection) == version,
        coefficients=_coefficients(model.coefficients),
        report=None if model.report is None else _report(model.report),
        form=shown,
        may_choose=may(who, Permission.CHOOSE_SCORE_MODEL),
    )


def _coefficients(found: Mapping[str, list[float]]) -> list[dict[str, Any]]:
    codes = {
        **{each.value: each for each in ModelFeature},
        **{each.value: each for each in ScoreTerm},
    }
    return [
        {
            "label": labels.label(codes[name]),
            "value": number(found[name][0]),
            "error": number(found[name][1]),
            "verdict": coefficient_words(*found[name]),
        }
        for name in codes
    ]


def _report(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report in words and rounded numbers."""
    return {
        "from": report["from"],
        "learnt": report["learnt"],
        "tested": report["tested"],
        "households": report["households"],
        "gain": gain_words(report["gain"], report["margin"]),
        "rivals": rival_rows(report["rivals"]),
        "calibration": [
            {"part": part, **_expected(each)}
            for part, each in enumerate(report["calibration"], start=1)
        ],
        "dimensions": [
            {
                "label": labels.label(dimension),
                "groups": [
                    {"label": group_words(each), **_expected(each), "unusual": each["unusual"]}
                    for each in report["groups"]
                    if each["dimension"] == dimension
                ],
            }
            for dimension in FairnessDimension
            if any(each["dimension"] == dimension for each in report["groups"])
        ],
    }


def _expected(each: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "measurements": each["measurements"],
        "expected": str(format_decimal(round(each["expected"], 1), "#,##0.0")),
        "found": each["found"],
    }
