"""Logboek: who changed what and who saw whom, searched by period, act, user and case."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.auth import actor
from webapp.bulk_lines import said
from webapp.clock import moment
from webapp.db import transaction
from webapp.spreadsheet import csv_response
from webapp.trail_words import act_words, choices, field_words
from workflows.errors import Refused, saying
from workflows.reading import trail as reading
from workflows.reading.trail import Log, Position, Question
from workflows.trail import record_read

blueprint = Blueprint("trail", __name__, url_prefix="/beheer/logboek")
REFUSED = 422
_REFERENCE = re.compile(r"[a-z2-7]{16}")
_HEAD = ("at", "act", "user", "user_reference", "system", "case", "person", "subject", "fields")


@blueprint.get("")
def search() -> str:
    """Show a page of lines; the address holds codes and references, never a person."""
    try:
        asked = _question(request.args)
        written = request.args.get("na")
        after = Position.read(written) if written else None
    except ValueError:
        abort(404)
    return _page(asked, after)


@blueprint.post("")
def ask() -> Response:
    """Turn what was typed into an address, or say beside the field what is wrong with it."""
    typed = request.form
    wrong: dict[str, str] = {}
    found = {"soort": typed.get("soort", ""), "handeling": typed.get("handeling", "")}
    found |= {name: _day(typed, name, wrong) for name in ("van", "tot")}
    found["dossier"] = typed.get("dossier", "").strip().lower()
    if found["dossier"] and not _REFERENCE.fullmatch(found["dossier"]):
        wrong["dossier"] = gettext("Een dossier heeft een kenmerk van 16 letters en cijfers.")
    if email := typed.get("wie", "").strip():
        with transaction() as connection:
            reference = reading.user_by_email(connection, actor(), email)
        if reference is None:
            wrong["wie"] = gettext("Er is geen gebruiker met dit e-mailadres.")
        found["wie"] = reference or ""
    given: dict[str, Any] = {name: value for name, value in found.items() if value}
    if not wrong:
        return redirect(url_for("trail.search", **given), 303)
    try:
        asked = _question({name: given[name] for name in given if name not in wrong})
    except ValueError:
        abort(404)
    return make_response(_page(asked, None, typed=typed.to_dict(), wrong=wrong), REFUSED)


@blueprint.get("/logboek.csv")
def download() -> Response:
    """Give all lines as CSV; too many are refused with what to do."""
    try:
        asked = _question(request.args)
    except ValueError:
        abort(404)
    try:
        with transaction() as connection:
            found = reading.export(connection, actor(), asked)
            case = reading.case_id(connection, asked.case)
            record_read(connection, moment(), actor().user_id, "audit_export", case_id=case)
    except Refused as refusal:
        page = _page(asked, None, typed=_typed(asked), wrong={"van": said(saying(refusal)) or ""})
        return make_response(page, REFUSED)
    rows = [
        (
            row.at.isoformat(),
            row.act,
            row.user,
            row.user_reference,
            row.system,
            row.case,
            row.person,
            row.subject,
            " ".join(row.fields or ()),
        )
        for row in found
    ]
    return csv_response(f"logboek-{moment().today.isoformat()}", _HEAD, rows)


def _day(typed: MultiDict[str, str], name: str, wrong: dict[str, str]) -> str:
    text = typed.get(name, "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        wrong[name] = gettext("Vul een datum in, zoals 2017-02-01.")
        return text


def _question(given: Any) -> Question:
    """Return what an address asks; raises ValueError."""
    found: dict[str, Any] = {"log": Log(given.get("soort") or Log.CHANGES)}
    for name, key in (("since", "van"), ("until", "tot")):
        if given.get(key):
            found[name] = date.fromisoformat(given[key])
    for name, key in (("user", "wie"), ("case", "dossier")):
        if given.get(key):
            if not _REFERENCE.fullmatch(given[key]):
                raise ValueError(key)
            found[name] = given[key]
    if given.get("handeling"):
        if given["handeling"] not in dict(choices(found["log"])):
            raise ValueError("handeling")
        found["act"] = given["handeling"]
    return Question(**found)


def _address(asked: Question) -> dict[str, Any]:
    """Return what is asked as an address holds it."""
    held = {
        "soort": asked.log.value,
        "van": asked.since.isoformat() if asked.since else None,
        "tot": asked.until.isoformat() if asked.until else None,
        "handeling": asked.act,
        "wie": asked.user,
        "dossier": asked.case,
    }
    return {name: value for name, value in held.items() if value}


def _typed(asked: Question) -> dict[str, str]:
    return {name: value for name, value in _address(asked).items() if name != "wie"}


def _page(
    asked: Question,
    after: Position | None,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    who = actor()
    with transaction() as connection:
        found = reading.lines(connection, who, asked, after)
        case = reading.case_id(connection, asked.case)
        record_read(connection, moment(), who.user_id, "audit", case_id=case)
        name = reading.user_name(connection, who, asked.user) if asked.user else None
    shown, more = found[: reading.PAGE], len(found) > reading.PAGE
    kept = _address(asked)
    tabs = [
        (log, url_for("trail.search", **_address(replace(asked, log=log, act=None)))) for log in Log
    ]
    return render_template(
        "trail/trail.html",
        asked=asked,
        tabs_of_log=tabs,
        typed=typed if typed is not None else _typed(asked),
        wrong=wrong or {},
        user_name=name,
        acts=choices(asked.log),
        rows=[
            (
                row,
                act_words(asked.log, row.act),
                ", ".join(field_words(row.act, each) for each in row.fields or ()),
            )
            for row in shown
        ],
        kept=kept,
        next_url=url_for("trail.search", **kept, na=reading.next_position(shown, after).written())
        if more
        else None,
        first_url=url_for("trail.search", **kept) if after else None,
    )
