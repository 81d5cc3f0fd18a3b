"""Correcties: lines of no case, and the line that reverses one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import problems_of, show_problems
from webapp.quota_tabs import quota_tabs
from workflows.errors import InvalidPayload, Refused
from workflows.quota.correction import Correction, LinesWanted
from workflows.quota.ledger import reverse_line
from workflows.quota.period import HalfYear
from workflows.reading.corrections import LedgerLine, line_without_case, lines_without_case
from workflows.request import parsed

blueprint = Blueprint("corrections", __name__, url_prefix="/taakstelling/correcties")


@blueprint.get("")
def corrections() -> str:
    """Ask whose lines, and list them."""
    asked = {
        "municipality": request.args.get("gemeente", "").strip(),
        "half_year": request.args.get("halfjaar", str(HalfYear.of_date(moment().today))),
    }
    with transaction() as connection:
        shown = act_forms.empty(LinesWanted, connection, asked)
        rows: list[LedgerLine] | None = None
        if asked["municipality"]:
            try:
                rows = _lines(connection, asked)
            except (InvalidPayload, Refused) as refusal:
                show_problems(shown, problems_of(refusal))
    return render_template(
        "quota/corrections.html", tabs_of_quota=quota_tabs(), form=shown, rows=rows
    )


def _lines(connection: Connection, asked: dict[str, Any]) -> list[LedgerLine]:
    code = act_forms.municipality(connection, asked["municipality"], "municipality")
    wanted = parsed(LinesWanted, {**asked, "municipality": code})
    return lines_without_case(connection, actor(), wanted.municipality, wanted.half_year)


@blueprint.get("/<int(max=9999999999999):line>")
def line(line: int) -> str:
    """Show a line, and ask why it is to be reversed."""
    with transaction() as connection:
        return _page(connection, act_forms.empty(Correction, connection), line)


@blueprint.post("/<int(max=9999999999999):line>")
def reverse(line: int) -> Response:
    """Reverse a line, once."""

    def run(connection: Connection, payload: Correction) -> Response:
        reverse_line(connection, actor(), line, payload.reason, moment())
        flash(gettext("De regel is teruggedraaid."), "success")
        return redirect(url_for("corrections.line", line=line), 303)

    return act_forms.act(Correction, run, lambda connection, shown: _page(connection, shown, line))


def _page(connection: Connection, shown: Form, number: int) -> str:
    found = line_without_case(connection, actor(), number)
    return render_template("quota/correction.html", form=shown, line=found)
