"""Published tables: made, kept with their hashes, made again, and what changed in them since."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.download import file_response
from webapp.paging import page_number
from webapp.quota_tabs import quota_tabs
from webapp.standing.columns import groups
from webapp.standing.words import Grouped
from webapp.standing_dates import A_DAY
from workflows.exchange.formats import Format
from workflows.permissions import Permission
from workflows.policy import may
from workflows.quota.period import HalfYear
from workflows.quota.publication import Published, publications, published_table
from workflows.quota.publishing import TableToPublish, publish_changes
from workflows.quota.restate import Reader, changed_lines, restate
from workflows.quota.table import Level
from workflows.trail import now

blueprint = Blueprint("publications", __name__, url_prefix="/taakstelling/publicaties")
PAGE = 100


@blueprint.get("")
def overview() -> str:
    """List what was published; who may publish finds the form for it."""
    with transaction() as connection:
        first_of_month = moment().today.replace(day=1)
        return _page(
            connection, act_forms.empty(TableToPublish, connection, {"valid": first_of_month})
        )


@blueprint.post("")
def publish_table() -> BaseResponse:
    """Publish the table of a date as it is known now."""

    def run(connection: Connection, payload: TableToPublish) -> BaseResponse:
        made, is_new = publish_changes(connection, actor(), payload.valid, moment(), _nowhere)
        if is_new:
            flash(gettext("De stand is gepubliceerd."), "success")
        else:
            flash(gettext("Er is sindsdien niets veranderd: deze publicatie geldt nog."), "info")
        return redirect(url_for("publications.changes", reference=made.reference), 303)

    return act_forms.act(TableToPublish, run, _page)


@blueprint.get("/<reference:reference>")
def changes(reference: str) -> str:
    """Show what changed since a publication: the figures, and the very lines that changed them."""
    number = page_number()
    with transaction() as connection:
        found = _published(connection, reference)
        present = now(connection, moment())
        changed = restate(connection, actor(), found.valid, found.known, present)
        reader = Reader(actor=actor(), today=moment().today)
        lines = changed_lines(connection, found.valid, found.known, present, reader)
        shown = list(islice(lines, (number - 1) * PAGE, number * PAGE + 1))
    nation = next(iter(changed.rows[Level.NATION]), None)
    return render_template(
        "standing/changes.html",
        published=found,
        present=present,
        cells={} if nation is None else nation.cells,
        municipalities=changed.rows[Level.MUNICIPALITY],
        lines=shown[:PAGE],
        opens_cases=may(actor(), Permission.VIEW_CASE),
        previous_url=_changes_url(reference, number - 1) if number > 1 else None,
        next_url=_changes_url(reference, number + 1) if len(shown) > PAGE else None,
        groups=groups(HalfYear.of_standing(found.valid)),
        number=Grouped(),
        formats=tuple(Format),
        last_day=_last_day(found),
    )


@blueprint.get("/<reference:reference>.<any(csv, xlsx, ods, json):form>")
def download(reference: str, form: str) -> Response:
    """Make a file of a publication again; it has the bytes of which the hash is kept."""
    with transaction() as connection:
        found = _published(connection, reference)
        sheet = published_table(connection, found)
    name = f"taakstelling-{found.valid.isoformat()}-{found.reference}"
    return file_response(sheet, Format(form), name)


def _page(connection: Connection, shown: Form) -> str:
    return render_template(
        "standing/publications.html",
        published=[(each, _last_day(each)) for each in publications(connection)],
        form=shown if may(actor(), Permission.ASSIGN_QUOTA) else None,
        tabs_of_quota=quota_tabs(),
        formats=tuple(Format),
    )


def _nowhere(_form: Format) -> AbstractContextManager[BinaryIO]:
    """Keep no file: it is made again from the dates of the publication when it is asked for."""
    return nullcontext(BytesIO())


def _published(connection: Connection, reference: str) -> Published:
    found = [each for each in publications(connection) if each.reference == reference]
    if not found:
        abort(404)
    return found[0]


def _last_day(published: Published) -> date:
    return published.valid - A_DAY


def _changes_url(reference: str, number: int) -> str:
    return url_for("publications.changes", reference=reference, blad=number)
