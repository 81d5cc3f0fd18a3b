"""Toezicht: the ladder per municipality of the supervisor's province."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.quota.correction import HalfYearWanted
from workflows.quota.period import HalfYear
from workflows.reading.supervision import supervised
from workflows.supervision.criteria import NewCriterion, criteria, set_criterion
from workflows.supervision.excusability import reckon
from workflows.supervision.ladder import Decision, decide, propose

blueprint = Blueprint("supervision", __name__, url_prefix="/toezicht")
STEPS = range(7)


@blueprint.get("")
def ladder() -> str:
    """List the municipalities with what is proposed and what was decided."""
    with transaction() as connection:
        given = {"half_year": str(HalfYear.of_date(moment().today).previous)}
        return _ladder_page(connection, act_forms.empty(HalfYearWanted, connection, given))


@blueprint.post("/voorstellen")
def propose_steps() -> Response:
    """Make and keep the proposals of a half-year."""
    return _keep(
        propose, lambda count: gettext("Er zijn %(count)s voorstellen vastgelegd.", count=count)
    )


@blueprint.post("/verwijtbaarheid")
def reckon_excusability() -> Response:
    """Reckon and keep what is excusable in a half-year."""
    return _keep(
        reckon, lambda count: gettext("Voor %(count)s gemeenten is dit vastgelegd.", count=count)
    )


def _keep(
    reckoning: Callable[[Connection, Actor, HalfYear, Moment], int], words: Callable[[int], str]
) -> Response:
    """Reckon something for each municipality in the half-year that was typed, and say how many."""

    def run(connection: Connection, payload: HalfYearWanted) -> Response:
        count = reckoning(connection, actor(), payload.period, moment())
        flash(words(count), "success")
        return redirect(url_for("supervision.ladder"), 303)

    return act_forms.act(HalfYearWanted, run, _ladder_page)


@blueprint.get("/criteria")
def criteria_page() -> str:
    """Show the criteria of the province, and take a new one."""
    with transaction() as connection:
        return _criteria_page(connection, act_forms.empty(NewCriterion, connection))


@blueprint.post("/criteria")
def add_criterion() -> Response:
    """Let a criterion hold from a day on."""

    def run(connection: Connection, payload: NewCriterion) -> Response:
        set_criterion(connection, actor(), payload, moment())
        flash(gettext("Het criterium is vastgelegd."), "success")
        return redirect(url_for("supervision.criteria_page"), 303)

    return act_forms.act(NewCriterion, run, _criteria_page)


@blueprint.get("/gemeenten/<code>")
def municipality(code: str) -> str:
    """Show the grounds, the figures and the decisions of a municipality."""
    with transaction() as connection:
        given = {"decided_on": moment().today}
        return _municipality_page(connection, act_forms.empty(Decision, connection, given), code)


@blueprint.post("/gemeenten/<code>")
def decide_step(code: str) -> Response:
    """Record the step that was decided."""

    def run(connection: Connection, payload: Decision) -> Response:
        decide(connection, actor(), code, payload, moment())
        flash(gettext("Het besluit is vastgelegd."), "success")
        return redirect(url_for("supervision.municipality", code=code), 303)

    return act_forms.act(
        Decision, run, lambda connection, shown: _municipality_page(connection, shown, code)
    )


def _ladder_page(connection: Connection, shown: Form) -> str:
    rows = supervised(connection, actor())
    return render_template("supervision/ladder.html", rows=rows, form=shown)


def _criteria_page(connection: Connection, shown: Form) -> str:
    rows = criteria(connection, actor())
    return render_template("supervision/criteria.html", rows=rows, form=shown)


def _municipality_page(connection: Connection, shown: Form, code: str) -> str:
    [found] = supervised(connection, actor(), code)
    return render_template("supervision/municipality.html", found=found, form=shown, steps=STEPS)
