"""Aansluiting: moved in but not signed off, and signed off but disputed."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import Response as BaseResponse
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.download import file_response
from webapp.paging import page_number
from webapp.reconciliation_sheet import reconciliation_sheet
from webapp.standing.navigation import Download
from workflows.exchange.formats import Format
from workflows.permissions import Permission
from workflows.policy import may
from workflows.quota.dispute import Dispute, Settlement, dispute, settle
from workflows.reading.reconciliation import PAGE, Listed, Reconciliation, Row, signed_off
from workflows.reading.reconciliation import disputed as one_dispute

blueprint = Blueprint("reconciliation", __name__, url_prefix="/taakstelling/aansluiting")


# The lists by the name that an address gives them; the overview shows the beginning of each.
LISTS = {
    "verhuisd": Listed.NOT_SIGNED_OFF,
    "betwist": Listed.DISPUTED,
    "afgemeld": Listed.SIGNED_OFF,
    "afgehandeld": Listed.SETTLED,
}
BEGINNING = 10
FORMATS = (Format.CSV, Format.XLSX, Format.ODS)
_LIST = f"/lijst/<any({', '.join(LISTS)}):name>"


@dataclass(frozen=True, slots=True)
class Part:
    """A list as a page shows it: some of its rows, how many there are, and the ways on."""

    listed: Listed
    total: int
    rows: list[Row]
    url: str
    downloads: list[Download]


@blueprint.get("")
def reconciliation() -> str:
    """Show how long each list is, and how it begins."""
    with transaction() as connection:
        lists = Reconciliation(connection, actor(), moment().today)
        parts = [_part(lists, name, 1, BEGINNING) for name in LISTS]
    return render_template(
        "quota/reconciliation.html",
        parts=parts,
        today=moment().today,
        disputes=may(actor(), Permission.DISPUTE_REALISATION),
        opens_cases=may(actor(), Permission.VIEW_CASE),
    )


@blueprint.get(_LIST)
def listed(name: str) -> str:
    """Show a page of one list."""
    number = page_number()
    with transaction() as connection:
        lists = Reconciliation(connection, actor(), moment().today)
        part = _part(lists, name, number, PAGE)
    further = number * PAGE < part.total
    return render_template(
        "quota/reconciliation_list.html",
        part=part,
        today=moment().today,
        disputes=may(actor(), Permission.DISPUTE_REALISATION),
        opens_cases=may(actor(), Permission.VIEW_CASE),
        previous_url=_list_url(name, number - 1) if number > 1 else None,
        next_url=_list_url(name, number + 1) if further else None,
    )


@blueprint.get(f"{_LIST}.<any({', '.join(FORMATS)}):form>")
def download(name: str, form: str) -> BaseResponse:
    """Give a whole list as a file."""
    with transaction() as connection:
        lists = Reconciliation(connection, actor(), moment().today)
        sheet = reconciliation_sheet(connection, lists, LISTS[name])
        file = f"aansluiting-{name}-{moment().today.isoformat()}"
        return file_response(sheet, Format(form), file)


@blueprint.get("/personen/<reference:person>")
def form(person: str) -> str:
    """Ask why a realisation is disputed."""
    with transaction() as connection:
        return _form_page(connection, act_forms.empty(Dispute, connection), person)


@blueprint.post("/personen/<reference:person>")
def submit(person: str) -> Response:
    """Dispute a realisation."""

    def run(connection: Connection, payload: Dispute) -> Response:
        reference = dispute(connection, actor(), person, payload, moment())
        flash(gettext("De betwisting is vastgelegd."), "success")
        return redirect(url_for("reconciliation.disputed", reference=reference), 303)

    return act_forms.act(
        Dispute, run, lambda connection, shown: _form_page(connection, shown, person)
    )


@blueprint.get("/<reference:reference>")
def disputed(reference: str) -> str:
    """Show a dispute."""
    with transaction() as connection:
        return _page(connection, act_forms.empty(Settlement, connection), reference)


@blueprint.post("/<reference:reference>")
def end(reference: str) -> Response:
    """Settle a dispute."""

    def run(connection: Connection, payload: Settlement) -> Response:
        settle(connection, actor(), reference, payload, moment())
        flash(gettext("De betwisting is afgehandeld."), "success")
        return redirect(url_for("reconciliation.disputed", reference=reference), 303)

    return act_forms.act(
        Settlement, run, lambda connection, shown: _page(connection, shown, reference)
    )


def _part(lists: Reconciliation, name: str, number: int, size: int) -> Part:
    which = LISTS[name]
    downloads = [
        Download(form.upper(), url_for("reconciliation.download", name=name, form=form.value))
        for form in FORMATS
    ]
    rows = lists.page(which, number, size)
    return Part(which, lists.count(which), rows, _list_url(name), downloads)


def _list_url(name: str, number: int = 1) -> str:
    return url_for("reconciliation.listed", name=name, blad=None if number == 1 else number)


def _form_page(connection: Connection, shown: Form, person: str) -> str:
    found = signed_off(connection, actor(), moment().today, person)
    return render_template("quota/dispute_form.html", form=shown, found=found)


def _page(connection: Connection, shown: Form, reference: str) -> str:
    found = one_dispute(connection, actor(), moment().today, reference)
    return render_template(
        "quota/dispute.html",
        form=shown,
        found=found,
        settles=found.settlement is None and may(actor(), Permission.DISPUTE_REALISATION),
    )
