"""Koppelgegevens: the tables behind the score, each row with its source, and their import."""

from io import BytesIO

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from models.vocabulary import HospitalKind, SupplyKind
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.labels import label
from webapp.marking import N_
from webapp.matching_tabs import TABLES, matching_tabs
from workflows.errors import Refused
from workflows.exchange.history import InvalidHistory
from workflows.matching.data import CareRow, Row, SupplyRow
from workflows.matching.table_import import TABLES as KINDS
from workflows.matching.table_import import take_table
from workflows.reading.matching_tables import PAGE, table_page

blueprint = Blueprint("matching_data", __name__, url_prefix="/beheer/koppelgegevens")
MOST_SHOWN = 100
_CODES: dict[type[Row], tuple[str, ...]] = {
    SupplyRow: tuple(SupplyKind),
    CareRow: tuple(HospitalKind),
}
_FURTHEST = 10_000_000


@blueprint.get("/<name>")
def table(name: str) -> str:
    """Show a page of a table, and the form that imports it."""
    return _page(name)


@blueprint.post("/<name>")
def take(name: str) -> Response:
    """Import a file, all or nothing; or only check it."""
    only_check = request.form.get("check") == "1"
    try:
        content = _sent()
        with transaction() as connection:
            taken = take_table(
                connection, actor(), _kind(name), content, moment(), dry_run=only_check
            )
    except InvalidHistory as error:
        problems = [
            gettext(
                "Rij %(row)s, %(column)s: %(words)s",
                row=each.row,
                column=each.column,
                words=translated(each.refusal),
            )
            for each in error.problems
        ]
        return make_response(_page(name, problems), 422)
    except Refused as error:
        return make_response(_page(name, [translated(error)]), 422)
    words = (
        gettext("Gecontroleerd: %(rows)s rijen zijn goed. Er is niets opgeslagen.", rows=taken.rows)
        if only_check
        else gettext(
            "Vastgelegd: %(changed)s van %(rows)s rijen zijn nieuw of gewijzigd.",
            changed=taken.changed,
            rows=taken.rows,
        )
    )
    flash(words, "success")
    return redirect(url_for("matching_data.table", name=name), 303)


def _sent() -> BytesIO:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refused("no_file", N_("Kies een bestand."), "file")
    return BytesIO(sent.read())


def _kind(name: str) -> type[Row]:
    if name not in TABLES:
        abort(404)
    return KINDS[TABLES[name][0]]


def _page(name: str, problems: list[str] | None = None) -> str:
    kind, start = _kind(name), _start()
    with transaction() as connection:
        found = table_page(connection, actor(), kind, start)
    further = start + PAGE
    return render_template(
        "matching/table.html",
        tabs=matching_tabs(),
        title=gettext(TABLES[name][1]),
        name=name,
        columns=kind.columns(),
        found=found,
        labels=_labels(kind),
        problems=(problems or [])[:MOST_SHOWN],
        more_problems=max(len(problems or []) - MOST_SHOWN, 0),
        previous_url=url_for("matching_data.table", name=name, vanaf=max(start - PAGE, 0))
        if start
        else None,
        next_url=url_for("matching_data.table", name=name, vanaf=further)
        if further < found.total
        else None,
    )


def _labels(kind: type[Row]) -> dict[str, str]:
    """Return the words of the codes that a table holds."""
    return {str(code): label(code) for code in _CODES.get(kind, ())}


def _start() -> int:
    asked = request.args.get("vanaf", "0")
    return min(int(asked), _FURTHEST) if asked.isdecimal() and asked.isascii() else 0
