"""Uitruil: quota that municipalities hand over to each other, proposed and answered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from models.vocabulary import TransferAnswer, TransferParty
from webapp import act_forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.quota_tabs import quota_tabs
from workflows.errors import NotFound
from workflows.moment import random_reference
from workflows.quota.period import HalfYear
from workflows.quota.transfer import answer, propose, withdraw
from workflows.quota.transfer_rules import REFERENCE, Answered, ProposedTransfer, Withdrawn
from workflows.reading.transfers import TransferView
from workflows.reading.transfers import transfer as one_transfer
from workflows.reading.transfers import transfers as all_transfers

blueprint = Blueprint("transfers", __name__, url_prefix="/taakstelling/overdrachten")


@blueprint.get("")
def transfers() -> str:
    """List the transfers that concern the visitor."""
    with transaction() as connection:
        rows = all_transfers(connection, actor())
    return render_template("quota/transfers.html", tabs_of_quota=quota_tabs(), rows=rows)


@blueprint.get("/nieuw")
def form() -> str:
    """Ask who hands over how much to whom."""
    with transaction() as connection:
        today = moment().today
        given = {"half_year": str(HalfYear.of_date(today)), "effective_on": today}
        return _form_page(connection, act_forms.empty(ProposedTransfer, connection, given))


@blueprint.post("/nieuw")
def submit() -> Response:
    """Propose a transfer; the same form sent twice proposes once."""
    sent = request.form.get("form_reference", "")
    reference = sent if REFERENCE.fullmatch(sent) else random_reference()

    def run(connection: Connection, payload: ProposedTransfer) -> Response:
        propose(connection, actor(), payload, reference, moment())
        flash(gettext("De uitruil is voorgesteld."), "success")
        return redirect(url_for("transfers.transfer", reference=reference), 303)

    return act_forms.act(ProposedTransfer, run, _form_page)


@blueprint.get("/<reference:reference>")
def transfer(reference: str) -> str:
    """Show a transfer, what was said, and what the visitor may say."""
    with transaction() as connection:
        found = one_transfer(connection, actor(), reference)
        return _page(found, _answer_form(connection), act_forms.empty(Withdrawn, connection))


@blueprint.post("/<reference:reference>/antwoord/<party>")
def respond(reference: str, party: str) -> Response:
    """Confirm or decline for one of the two municipalities."""
    if party not in {TransferParty.GIVER, TransferParty.TAKER}:
        raise NotFound

    def run(connection: Connection, payload: Answered) -> Response:
        posted = answer(
            connection, actor(), reference, TransferParty(party), payload=payload, moment=moment()
        )
        words = gettext("Uw antwoord is vastgelegd.")
        if posted:
            words += " " + gettext("Beide gemeenten zijn akkoord; de uitruil is geboekt.")
        flash(words, "success")
        return redirect(url_for("transfers.transfer", reference=reference), 303)

    def page(connection: Connection, shown: Form) -> str:
        found = one_transfer(connection, actor(), reference)
        return _page(found, _without_withdrawal(shown), act_forms.empty(Withdrawn, connection))

    return act_forms.act(Answered, run, page)


@blueprint.post("/<reference:reference>/intrekken")
def take_back(reference: str) -> Response:
    """Withdraw a proposal."""

    def run(connection: Connection, payload: Withdrawn) -> Response:
        withdraw(connection, actor(), reference, payload, moment())
        flash(gettext("De uitruil is ingetrokken."), "success")
        return redirect(url_for("transfers.transfer", reference=reference), 303)

    def page(connection: Connection, shown: Form) -> str:
        return _page(one_transfer(connection, actor(), reference), _answer_form(connection), shown)

    return act_forms.act(Withdrawn, run, page)


def _answer_form(connection: Connection) -> Form:
    return _without_withdrawal(act_forms.empty(Answered, connection))


def _without_withdrawal(shown: Form) -> Form:
    """Leave out what only who proposed may say."""
    choices = shown["answer"]
    choices.choices = [  # type: ignore[attr-defined] # a SelectField
        each
        for each in choices.choices  # type: ignore[attr-defined] # the same
        if each.value != TransferAnswer.WITHDRAWN
    ]
    return shown


def _form_page(_connection: Connection, shown: Form) -> str:
    sent = request.form.get("form_reference", "")
    reference = sent if REFERENCE.fullmatch(sent) else random_reference()
    return render_template("quota/transfer_form.html", form=shown, form_reference=reference)


def _page(found: TransferView, answer_form: Form, withdrawal: Form) -> str:
    return render_template(
        "quota/transfer.html",
        transfer=found,
        answer_form=answer_form,
        withdrawal=withdrawal,
        parties=(TransferParty.GIVER, TransferParty.TAKER, TransferParty.PROPOSER),
    )
