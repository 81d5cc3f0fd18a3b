"""Taakstelling: the official table for any two dates, and the lines behind each figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import format_decimal, get_locale, gettext
from markupsafe import Markup, escape

from config import reference
from webapp.db import transaction
from webapp.spreadsheet import csv_response
from webapp.standing_dates import Dates, asked_dates, file_name, known_words
from webapp.standing_heads import HEADS
from workflows.quota.figures import Figure
from workflows.quota.period import HalfYear
from workflows.quota.table import (
    FIGURES,
    KEYS,
    Lateness,
    Level,
    StandingRow,
    lateness,
    nation,
    schedule_class,
    standing,
)

blueprint = Blueprint("standing", __name__)
SHOWN = {"alle": None, "achterstand": "backlog", "voorsprong": "advance"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with how it stands to the monthly line."""

    row: StandingRow
    lateness: Lateness
    schedule: str


@blueprint.get("/taakstelling", endpoint="standing")
def standing_page() -> str:
    """Show the national row and the municipalities, sorted and filtered by the address."""
    dates = asked_dates()
    with transaction() as connection:
        rows = standing(connection, dates.valid, dates.known, Level.MUNICIPALITY)
    classes = reference.in_force(reference.schedule_classes(), dates.last_day)
    minimums = [(each.code, each.minimum_percent) for each in classes]
    whole = _placed(nation(rows), dates, minimums)
    placed = [_placed(row, dates, minimums) for row in rows]
    sort, descending = _sorting()
    shown = sorted(_filtered(placed), key=lambda each: _sort_key(each, sort), reverse=descending)
    return render_template(
        "standing/standing.html",
        dates=dates,
        half_year=HalfYear.of_standing(dates.valid),
        whole=whole,
        rows=shown,
        total=len(rows),
        labels=_labels(),
        letters={key: letter for key, (letter, _words) in HEADS.items()},
        texts=_texts([whole.row, *rows]),
        nation_urls=_nation_urls(dates),
        row_urls=_row_urls(dates),
        figures=FIGURES,
        classes={each.code: _class_name(each) for each in classes},
        class_counts={
            each.code: sum(row.schedule == each.code for row in placed) for each in classes
        },
        sort=sort,
        descending=descending,
        sort_urls={key: _sort_url(dates, key, sort, descending=descending) for key in KEYS[1:]},
        shown=request.args.get("tonen", "alle"),
        chosen_class=request.args.get("klasse", ""),
    )


@blueprint.get("/taakstelling.csv")
def download() -> Response:
    """Give the national row and the municipalities with their two dates as CSV."""
    dates = asked_dates()
    with transaction() as connection:
        rows = standing(connection, dates.valid, dates.known, Level.MUNICIPALITY)
    two_dates = (dates.valid.isoformat(), known_words(dates))
    return csv_response(
        file_name("taakstelling", dates),
        (*KEYS, "valid", "known"),
        [(*(getattr(row, key) for key in KEYS), *two_dates) for row in [nation(rows), *rows]],
    )


def _placed(row: StandingRow, dates: Dates, minimums: list[tuple[str, int]]) -> Placed:
    late = lateness(row, dates.valid)
    return Placed(row, late, schedule_class(late, minimums))


def _filtered(rows: Iterable[Placed]) -> list[Placed]:
    figure, chosen = SHOWN.get(request.args.get("tonen", "alle")), request.args.get("klasse")
    return [
        each
        for each in rows
        if (figure is None or getattr(each.row, figure) != 0)
        and (not chosen or each.schedule == chosen)
    ]


def _sorting() -> tuple[str, bool]:
    asked = request.args.get("sorteer", "name")
    return (asked if asked in KEYS else "name"), request.args.get("richting") == "aflopend"


def _sort_key(placed: Placed, sort: str) -> tuple[object, ...]:
    value = getattr(placed.row, sort)
    if isinstance(value, str):
        return (value.removeprefix("'s-").lower(),)
    return (value, placed.row.name)


def _sort_url(dates: Dates, key: str, sort: str, *, descending: bool) -> str:
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("tonen", "klasse") if request.args.get(name)
    }
    # Figures are read from the largest on, names from the letter A on.
    down = not descending if key == sort else key != "name"
    direction = "aflopend" if down else "oplopend"
    return url_for("standing.standing", **dates.arguments, **kept, sorteer=key, richting=direction)


def _row_urls(dates: Dates) -> dict[str, Markup]:
    """Return what each figure of a municipality opens, but for its code; I and J are parts of H."""
    figures = {figure.value: figure.value for figure in Figure}
    figures |= dict.fromkeys(("backlog", "advance"), Figure.REMAINING.value)
    return {
        key: escape(url_for("standing_lines.lines", cijfer=figure, **dates.arguments))
        for key, figure in figures.items()
    }


def _nation_urls(dates: Dates) -> dict[str, Markup]:
    """Return what each national figure opens: its lines, or the municipalities it adds up."""
    urls: dict[str, str] = dict(_row_urls(dates))
    for shown, figure, direction in (
        ("achterstand", "backlog", "aflopend"),
        ("voorsprong", "advance", "oplopend"),
    ):
        urls[figure] = url_for(
            "standing.standing",
            tonen=shown,
            sorteer=figure,
            richting=direction,
            **dates.arguments,
        )
    return {key: escape(url) for key, url in urls.items()}


def _labels() -> dict[str, Markup]:
    return {key: escape(f"{letter} {gettext(words)}") for key, (letter, words) in HEADS.items()}


def _texts(rows: Iterable[StandingRow]) -> dict[int, Markup]:
    """Return each number of a table as it is read; most occur many times."""
    values = {getattr(row, figure) for row in rows for figure in FIGURES}
    return {value: escape(format_decimal(value)) for value in values}


def _class_name(found: reference.ScheduleClass) -> str:
    return found.name_en if str(get_locale()).startswith("en") else found.name_nl
