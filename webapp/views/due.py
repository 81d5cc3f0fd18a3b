"""Termijnen: what is due over all cases within reach, with the work that nobody has yet."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection

from models.vocabulary import Role, Term
from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.marking import N_
from webapp.tabs import Tab
from webapp.views.queue import plain
from workflows.actor import Actor
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading import places
from workflows.reading.due import DueFilters, Window, due_counts
from workflows.reading.due_page import DueRow, case_key, due_page
from workflows.reading.workload import Colleague, workload

blueprint = Blueprint("due", __name__)
TABS = {
    Window.LATE: N_("Te laat"),
    Window.TODAY: N_("Vandaag"),
    Window.WEEK: N_("Komende 7 dagen"),
    Window.UNASSIGNED: N_("Niet toegewezen"),
}
KEPT = ("soort", "plaats", "van_mij")


@blueprint.get("/termijnen")
def due() -> str:
    """Show a part of what is due under the filters of the address."""
    who, today = actor(), moment().today
    filters = _filters()
    with transaction() as connection:
        counts = due_counts(connection, who, filters, today)
        window = _window(counts)
        after = _after(connection)
        page = due_page(connection, who, window, filters, today, after=after)
        places_region = bool(who.roles & {Role.PLACEMENT_OFFICER, Role.COORDINATOR})
        centres = places.centres(connection) if places_region else []
        colleagues = _colleagues(connection, who, today)
    return render_template(
        "due/due.html",
        rows=[(row, (row.due_on - today).days) for row in page.rows],
        window=window.value,
        tabs_of_due=_tabs(window, counts),
        total=counts[window],
        filters=filters,
        filtered=filters != DueFilters(),
        terms=list(Term),
        centres=centres,
        colleagues=colleagues,
        next_url=_next_url(window, page.rows[-1]) if page.has_next else None,
        first_url=_url(window) if after is not None else None,
        key=forms.new_key(),
    )


def _colleagues(connection: Connection, who: Actor, today: date) -> list[Colleague]:
    if not may(who, Permission.ASSIGN):
        return []
    own = sorted({grant.organisation_id for grant in who.grants})
    return workload(connection, own, today)


def _filters() -> DueFilters:
    asked = request.args.get("soort")
    return DueFilters(
        term=asked if asked in {term.value for term in Term} else None,
        place=plain(request.args.get("plaats")),
        mine=request.args.get("van_mij") == "1",
    )


def _window(counts: dict[Window, int]) -> Window:
    asked = request.args.get("tab", "")
    if asked in {window.value for window in Window}:
        return Window(asked)
    # Whoever has nothing late starts at the first part that holds something.
    return next((window for window in Window if counts[window]), Window.LATE)


def _tabs(window: Window, counts: dict[Window, int]) -> list[Tab]:
    return [
        Tab(gettext(words), _url(each), each is window, counts[each])
        for each, words in TABS.items()
    ]


def _url(window: Window, **more: str) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return url_for("due.due", tab=window.value, **(kept | more))


def _next_url(window: Window, row: DueRow) -> str:
    place = f"{row.due_on.isoformat()}_{row.reference}_{row.subject}_{row.term}"
    return _url(window, na=place)


def _after(connection: Connection) -> tuple[date, int, str] | None:
    parts = request.args.get("na", "").split("_", 3)
    try:
        day, reference, subject, term = date.fromisoformat(parts[0]), *parts[1:]
    except ValueError:
        return None
    known = term in {each.value for each in Term} and plain(reference)
    if not known or (subject and not plain(subject)):
        return None
    return day, case_key(connection, reference), f"{term} {subject}"
