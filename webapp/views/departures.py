"""Afwijkingen: how often officers link elsewhere than was proposed, why, and what became of it."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from models.vocabulary import DepartureReason
from webapp import labels
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.flow_selections import list_url
from webapp.marking import N_
from webapp.rendering import day
from webapp.spreadsheet import csv_response
from webapp.tabs import Tab
from workflows.reading.decided import DECIDED_WEEKS, Decided, LaterLife, LinkOutcome
from workflows.reading.departures import By, Departures, Tally, departures
from workflows.reading.flow_list import Selection

blueprint = Blueprint("departures", __name__)
TABS = {
    By.REASON: ("reden", N_("Per reden")),
    By.MUNICIPALITY: ("gemeente", N_("Per voorgestelde gemeente")),
    By.ORGANISATION: ("organisatie", N_("Per organisatie")),
    By.WEEK: ("week", N_("Per week")),
}
HEADS = {
    By.REASON: N_("Reden"),
    By.MUNICIPALITY: N_("Voorgestelde gemeente"),
    By.ORGANISATION: N_("Organisatie van de regievoerder"),
    By.WEEK: N_("Week vanaf"),
}
FEW = {
    By.MUNICIPALITY: N_("%(num)s gemeenten met weinig personen"),
    By.ORGANISATION: N_("%(num)s organisaties met weinig personen"),
}


@blueprint.get("/koppelen/afwijkingen")
def report() -> str:
    """Show departures by reason, municipality, organisation or week, each number with its list."""
    by, found = _found()
    groups = [_row(each, _name(each, by), _selected(each, by)) for each in found.groups]
    return render_template(
        "linking/departures.html",
        today=moment().today,
        weeks=DECIDED_WEEKS,
        whole=_row(found.whole, gettext("Alles bij elkaar"), Decided()),
        kinds=[
            _row(found.followed, gettext("Voorstel gevolgd"), Decided(departed=False)),
            _row(found.departed, gettext("Afgeweken"), Decided(departed=True)),
        ],
        groups=[each | {"note": _note(found, by, each["tally"])} for each in groups],
        head=gettext(HEADS[by]),
        only_departed=by is By.REASON,
        merged=by in FEW,
        tabs_of_page=[
            Tab(gettext(words), url_for("departures.report", per=name), each is by)
            for each, (name, words) in TABS.items()
        ],
        download_url=url_for("departures.download", per=TABS[by][0]),
    )


@blueprint.get("/koppelen/afwijkingen.csv")
def download() -> Response:
    """Give the table as CSV."""
    by, found = _found()
    today = moment().today
    rows = [
        (
            " ".join(each.keys),
            ", ".join(each.names),
            len(each.households),
            len(each.departed),
            *[len(each.outcomes[outcome]) for outcome in LinkOutcome],
            *[len(each.later[later]) for later in LaterLife],
            today.isoformat(),
        )
        for each in found.groups
    ]
    head = [by.value, "names", "households", "departed", *LinkOutcome, *LaterLife, "as_of"]
    return csv_response(f"afwijkingen-{by}-{today.isoformat()}", head, rows)


def _found() -> tuple[By, Departures]:
    asked = request.args.get("per")
    by = next((each for each, (name, _) in TABS.items() if name == asked), By.REASON)
    with transaction() as connection:
        return by, departures(connection, actor(), moment().today, by)


def _name(each: Tally, by: By) -> str:
    if by is By.REASON:
        return labels.label(each.keys[0], DepartureReason)
    if by is By.WEEK:
        return day(date.fromisoformat(each.keys[0]))
    if len(each.names) == 1:
        return each.names[0]
    return str(gettext(FEW[by], num=len(each.keys)))


def _note(found: Departures, by: By, each: Tally) -> str | None:
    if by is By.REASON:
        share = round(100 * len(each.departed) / len(found.departed.departed))
        return str(gettext("%(percent)s%% van de afwijkingen", percent=share))
    return ", ".join(each.names[:3]) + "…" if len(each.names) > 1 else None


def _selected(each: Tally, by: By) -> Decided:
    match by:
        case By.REASON:
            reasons = tuple(map(DepartureReason, each.keys))
            return Decided(departed=True, reasons=reasons)
        case By.MUNICIPALITY:
            return Decided(municipalities=each.keys)
        case By.ORGANISATION:
            return Decided(organisations=tuple(map(int, each.keys)))
        case By.WEEK:
            return Decided(week=date.fromisoformat(each.keys[0]))


def _row(tally: Tally, name: str, decided: Decided) -> dict[str, Any]:
    """Return a row of numbers, each with the address of its list."""

    def url(**more: Any) -> str:
        return list_url(Selection(decided=replace(decided, **more)))

    return {
        "name": name,
        "note": None,
        "tally": tally,
        "households": (len(tally.households), url()),
        "departed": (len(tally.departed), url(departed=True)),
        "rate": f"{tally.rate_percent}%",
        "outcomes": [
            (len(tally.outcomes[outcome]), url(outcome=outcome)) for outcome in LinkOutcome
        ],
        "later": [(len(tally.later[later]), url(later=later)) for later in LaterLife],
    }
