"""The municipality's inbox: new links, what it may expect, its own room."""

from datetime import date

from flask import Blueprint, render_template

from models.vocabulary import Scenario
from webapp import forms
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from workflows.reading import inbox as reading
from workflows.reading.handover import pending_handovers
from workflows.reading.outcomes import count_due
from workflows.reading.transfers import awaited
from workflows.trail import record_reads

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/gemeente")
def inbox() -> str:
    """Show what is new, with one click to take it up."""
    who, today = actor(), moment().today
    with transaction() as connection:
        links = reading.new_links(connection, who, today)
        record_reads(connection, moment(), who.user_id, "inbox", [link.id for link in links])
        offered = pending_handovers(connection, who, today)
        shown = {
            "handovers": [(each, (each.due_on - today).days) for each in offered if each.due_on],
            "links": [(link, forms.new_key(), _days(link.take_up_on, today)) for link in links],
            "waiting": reading.waiting(connection, who, today),
            "expected": _by_month(reading.expected(connection, who, today)),
            "outcomes_due": count_due(connection, who, today),
            "rooms": reading.rooms(connection, who, today),
            "transfers": awaited(connection, who),
        }
    return render_template("inbox/inbox.html", today=today, scenario=Scenario.COMBINED, **shown)


def _days(day: date | None, today: date) -> int | None:
    return None if day is None else (day - today).days


def _by_month(found: list[reading.Expected]) -> list[dict[str, object]]:
    """Return one row per month, with the households of each size from one to six and more."""
    months = sorted({each.month for each in found})
    sizes = {(each.month, each.persons): each.households for each in found}
    return [
        {
            "month": month,
            "sizes": [sizes.get((month, size), 0) for size in range(1, 7)],
            "total": sum(sizes.get((month, size), 0) for size in range(1, 7)),
        }
        for month in months
    ]
