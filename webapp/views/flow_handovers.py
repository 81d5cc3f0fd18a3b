"""Doorstroom: how many households were handed over in an interview, by whom and to whom."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from flask_babel import format_decimal, gettext

from models.vocabulary import HandoverOutcome
from webapp import labels
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.flow_selections import list_url
from webapp.marking import N_
from webapp.tabs import Tab
from workflows.reading.flow_handovers import Handing, handed_over_by, handed_over_to
from workflows.reading.flow_list import Selection
from workflows.reading.handing import Absence, Handed, NoInterview

blueprint = Blueprint("flow_handovers", __name__)
BY = {"gemeente": N_("Per gemeente"), "opvang": N_("Per opvanglocatie")}


@blueprint.get("/doorstroom/overdrachten")
def handovers() -> str:
    """Show the rate of handovers per municipality or per sender, each number with its list."""
    by = request.args.get("per", "gemeente")
    by = by if by in BY else "gemeente"
    read = handed_over_to if by == "gemeente" else handed_over_by
    with transaction() as connection:
        found = read(connection, actor(), moment().today)
    return render_template(
        "flow/handovers.html",
        today=moment().today,
        rows=[_row(each, by) for each in found],
        tabs_of_page=[
            Tab(gettext(words), url_for("flow_handovers.handovers", per=name), name == by)
            for name, words in BY.items()
        ],
    )


def _row(each: Handing, by: str) -> dict[str, object]:
    if by == "gemeente":
        few = gettext("%(num)s gemeenten met weinig personen", num=len(each.keys))
        return handing_row(each, few, Handed(municipalities=each.keys))
    few = gettext("%(num)s locaties met weinig personen", num=len(each.keys))
    return handing_row(each, few, Handed(senders=tuple(map(int, each.keys))))


def handing_row(each: Handing, together: str, handed: Handed) -> dict[str, object]:
    """Return a rate in words with the addresses of the lists; `together` names several."""

    def url(**more: object) -> str:
        return list_url(Selection(handed=replace(handed, **more)))  # type: ignore[arg-type] # fields of Handed

    median = each.median_days
    return {
        "name": each.names[0] if len(each.names) == 1 else together,
        "note": ", ".join(each.names[:3]) + "…" if len(each.names) > 1 else None,
        "each": each,
        "url": url(),
        "held_url": url(outcome=HandoverOutcome.COMPLETED),
        "not_held_url": url(outcome=HandoverOutcome.NOT_HELD),
        "reasons": [
            (count, _why(why), url(absence=why)) for why, count in each.absences.most_common()
        ],
        "rate": f"{each.rate_percent}%",
        "median": None if median is None else _days(median),
        "slower_url": None if median is None else url(slower_than=int(median)),
    }


def _why(absence: Absence) -> str:
    if isinstance(absence, NoInterview):
        return str(gettext("geen overdracht tot stand gekomen"))
    return labels.label(absence).lower()


def _days(median: float) -> str:
    return str(gettext("%(days)s dagen", days=format_decimal(round(median, 1))))
