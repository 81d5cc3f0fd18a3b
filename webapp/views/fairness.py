"""Eerlijkheid: how evenly each run treats groups of households and municipalities."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask_babel import format_decimal, format_percent, gettext

from models.vocabulary import FairnessDimension, HouseholdMix
from webapp import labels
from webapp.auth import actor
from webapp.db import transaction
from webapp.fairness_words import group_words
from webapp.matching_tabs import report_tabs
from workflows.matching.fairness import SORTING_ALARM
from workflows.reading import fairness as reading

blueprint = Blueprint("fairness", __name__)


@blueprint.get("/koppelen/eerlijkheid")
def reports() -> str:
    """List the newest runs with their worst-off group and how they sort."""
    with transaction() as connection:
        found = reading.reports(connection, actor())
    rows = [{"run": each, **_summary(each.result["fairness"])} for each in found]
    return render_template("fairness/reports.html", rows=rows, tabs_of_page=report_tabs())


@blueprint.get("/koppelen/eerlijkheid/<reference:reference>")
def report(reference: str) -> str:
    """Show the report of a run: groups, municipalities and sorting."""
    with transaction() as connection:
        found = reading.report(connection, actor(), reference)
    fairness = found.result["fairness"]
    return render_template(
        "fairness/report.html",
        run=found,
        summary=_summary(fairness),
        dimensions=_dimensions(fairness),
        fill=_percentages(found.result.get("balance")),
        mix=[
            {"label": labels.label(kind), **fairness["mix"][kind]}
            for kind in HouseholdMix
            if kind in fairness["mix"]
        ],
    )


def _summary(fairness: Mapping[str, Any]) -> dict[str, Any]:
    lowest, correlation = fairness["worst"], fairness["sorting"]
    return {
        "worst": None
        if lowest is None
        else f"{group_words(lowest)}: {_percentage(lowest['share'])}",
        "sorting": None if correlation is None else format_decimal(round(correlation, 2)),
        "alarm": correlation is not None and correlation > SORTING_ALARM,
    }


def _dimensions(fairness: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the groups by dimension, with how even each is."""
    return [
        {
            "label": labels.label(dimension),
            "evenness": _percentage(fairness["evenness"].get(dimension)),
            "groups": [
                {
                    "label": group_words(each),
                    "households": each["households"],
                    "share": _percentage(each["share"]) or gettext("maakt geen verschil"),
                    "below": _percentage(each["below"]),
                    "days": format_decimal(round(each["days_waited"])),
                }
                for each in fairness["groups"]
                if each["dimension"] == dimension
            ],
        }
        for dimension in FairnessDimension
        if any(each["dimension"] == dimension for each in fairness["groups"])
    ]


def _percentages(found: Mapping[str, float] | None) -> dict[str, str | None] | None:
    return {name: _percentage(part) for name, part in found.items()} if found else None


def _percentage(part: float | None) -> str | None:
    return None if part is None else str(format_percent(part, "#,##0%"))
