"""Werkvoorraad: what waits, the most urgent first."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from models.vocabulary import LIVE_STATES, CaseState, HouseholdType, Role
from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.form_problems import translated
from webapp.marking import N_
from webapp.tabs import Tab
from webapp.views import saved_views
from workflows.actor import Actor
from workflows.bulk.preview import MOST_CASES
from workflows.engine import take_many
from workflows.errors import Refused, WorkflowError
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading import places
from workflows.reading.queue import Counts, Filters, QueuePage, counts, page
from workflows.reading.queue_rows import QueueRow, may_take
from workflows.request import Request
from workflows.steps import BY_CODE
from workflows.trail import record_reads

blueprint = Blueprint("queue", __name__)
TABS = {"mine": N_("Mijn werk"), "unassigned": N_("Niet toegewezen"), "team": N_("Team")}
MOST_AT_ONCE = 100
LONGEST_FORM_KEY = 60
_REFERENCE = re.compile(r"[a-z2-7]{16}")
KEPT = ("stand", "huishouden", "te_laat", "aan_zet", "plaats")


@blueprint.get("/werkvoorraad")
def queue() -> str:
    """Show a tab of the queue under the filters of the address."""
    who, today = actor(), moment().today
    filters = filters_of(request.args)
    with transaction() as connection:
        found = counts(connection, who, filters, today)
        tab = _tab(who, found)
        shown = page(
            connection,
            who,
            tab,
            filters,
            today,
            after=_key("na"),
            before=_key("voor"),
        )
        record_reads(connection, moment(), who.user_id, "queue", [row.id for row in shown.rows])
        colleagues = _colleagues(connection, who, today)
        centres = places.centres(connection) if _chooses_place(who) else []
        saved = saved_views.offered(connection)
    return render_template(
        "queue/queue.html",
        page=shown,
        tab=tab,
        tabs_of_queue=_tabs(who, tab, found),
        total=getattr(found, tab),
        filters=filters,
        filtered=filters != Filters(),
        rows=[_row(row, who, today) for row in shown.rows],
        states=[state for state in CaseState if state in LIVE_STATES],
        households=list(HouseholdType),
        centres=centres,
        colleagues=colleagues,
        may_register=may(who, Permission.REGISTER),
        may_assign=may(who, Permission.ASSIGN),
        previous_url=_page_url(shown, "voor") if shown.has_previous else None,
        next_url=_page_url(shown, "na") if shown.has_next else None,
        key=forms.new_key(),
        saved=saved,
        most_in_bulk=MOST_CASES,
    )


@blueprint.post("/werkvoorraad/toewijzen")
def assign() -> Response:
    """Assign the ticked cases to a colleague; each that cannot be is told with its reason."""
    who = actor()
    sent = dict.fromkeys(request.form.getlist("case"))
    ticked = [reference for reference in sent if _REFERENCE.fullmatch(reference)][:MOST_AT_ONCE]
    colleague = request.form.get("colleague") or None
    # Each case gets a key of its own, with its reference behind that of the form.
    key = forms.usable_key(request.form.get("form_key", ""), LONGEST_FORM_KEY)
    step = BY_CODE["assign"]
    asked = [
        Request(step, who, {"colleague": colleague}, reference, key=f"{key}-{reference}")
        for reference in ticked
    ]
    with transaction() as connection:
        outcomes = take_many(connection, asked, moment())
    refused = [outcome for outcome in outcomes if isinstance(outcome, WorkflowError)]
    done = len(outcomes) - len(refused)
    if not ticked:
        flash(gettext("Vink eerst de dossiers aan die u wilt toewijzen."), "warning")
    if done:
        flash(
            ngettext("%(num)s dossier toegewezen.", "%(num)s dossiers toegewezen.", done), "success"
        )
    said = (translated(each) if isinstance(each, Refused) else str(each) for each in refused)
    for words in dict.fromkeys(said):
        flash(gettext("Niet toegewezen: %(reason)s", reason=words), "warning")
    back = "due.due" if request.form.get("back") == "due" else "queue.queue"
    return redirect(url_for(back, tab=request.form.get("tab") or None))


def filters_of(asked: Mapping[str, str]) -> Filters:
    """Return the filters that an address asks for; what it says wrongly, it does not ask."""
    return Filters(
        state=_among(asked.get("stand"), {state.value for state in CaseState}),
        household=_among(asked.get("huishouden"), {kind.value for kind in HouseholdType}),
        overdue=asked.get("te_laat") == "1",
        waiting=asked.get("aan_zet") == "1",
        place=plain(asked.get("plaats")),
    )


def _among(asked: str | None, known: set[str]) -> str | None:
    return asked if asked in known else None


def plain(text: str | None) -> str | None:
    """Return what may be a reference or a code, None for anything else."""
    return text if text and text.isascii() and text.isalnum() and len(text) <= 16 else None  # noqa: PLR2004 - a reference or code


def _key(name: str) -> tuple[date, str] | None:
    day, _, reference = request.args.get(name, "").partition("_")
    try:
        return (date.fromisoformat(day), reference) if plain(reference) else None
    except ValueError:
        return None


def _tab(who: Actor, found: Counts) -> str:
    asked = request.args.get("tab")
    if asked in TABS:
        return asked
    # Whoever has nothing of one's own yet starts where there is work.
    if found.mine:
        return "mine"
    if found.unassigned and Role.PLACEMENT_OFFICER not in who.roles:
        return "unassigned"
    return "team" if found.team else "mine"


def _tabs(who: Actor, tab: str, found: Counts) -> list[Tab]:
    placing = Role.PLACEMENT_OFFICER in who.roles
    kept = _kept()
    return [
        Tab(
            gettext(words),
            url_for("queue.queue", tab=name, **kept),
            name == tab,
            getattr(found, name),
        )
        for name, words in TABS.items()
        if not (placing and name == "unassigned")
    ]


def _row(row: QueueRow, who: Actor, today: date) -> dict[str, Any]:
    step = row.next_act
    takes = step is not None and may_take(who, row, step, today)
    return {
        "case": row,
        "days": (row.due_on - today).days if row.termed else None,
        "waiting": (today - row.permit_on).days,
        "act": None if step is None else gettext(step.label),
        "act_url": url_for("step.form", reference=row.reference, code=step.code)
        if takes and step is not None
        else None,
    }


def _page_url(shown: QueuePage, direction: str) -> str:
    row = shown.rows[0 if direction == "voor" else -1] if shown.rows else None
    kept = _kept() | {"tab": request.args.get("tab")}
    if row is not None:
        kept[direction] = f"{row.due_on.isoformat()}_{row.reference}"
    return url_for("queue.queue", **kept)


def _kept() -> dict[str, Any]:
    """Return the filters of the address, so that tabs and pages keep them."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _chooses_place(who: Actor) -> bool:
    return bool(who.roles & {Role.PLACEMENT_OFFICER, Role.COORDINATOR})


def _colleagues(connection: Connection, who: Actor, today: date) -> list[places.Place]:
    if not may(who, Permission.ASSIGN):
        return []
    own = sorted({grant.organisation_id for grant in who.grants})
    return places.colleagues(connection, own, today)
