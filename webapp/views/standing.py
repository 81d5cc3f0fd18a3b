"""Taakstelling: the official table of any area for any two dates, its map and its charts."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from sqlalchemy import Connection

from config import reference
from webapp.db import transaction
from webapp.download import file_response
from webapp.standing.columns import groups
from webapp.standing.files import about, table_sheet
from webapp.standing.links import line_addresses
from webapp.standing.navigation import FORMATS, download_links, level_tabs, trail
from webapp.standing.question import Question, read_question
from webapp.standing.rows import Table, asked, ended_places, is_gone, paged, read_table
from webapp.standing.tile_map import municipality_map, region_map
from webapp.standing.words import Grouped, LineWords, pace_words
from webapp.standing_dates import asked_dates, file_name
from workflows.exchange.formats import Format
from workflows.quota.course import Course, course, ledger_shares
from workflows.quota.period import HalfYear
from workflows.quota.succession import successions
from workflows.quota.table import FIGURES, Level, StandingRow, standing
from workflows.reading.areas import NATION, Atlas, read_atlas
from workflows.reading.lineage import Lineage, lineage

blueprint = Blueprint("standing", __name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address asks, and what the ledger says."""

    question: Question
    atlas: Atlas
    rows: tuple[StandingRow, ...]
    classes: Mapping[str, str]


@blueprint.get("/taakstelling", endpoint="standing")
def standing_page() -> str:
    """Show an area: its figures, the map and the table of its parts, and how it came along."""
    with transaction() as connection:
        found = _answer(connection)
        question = found.question
        come_along = _course(connection, found)
        kin = _lineage(connection, question)
    table = read_table(found.rows, question, found.atlas)
    return render_template(
        "standing/standing.html",
        question=question,
        dates=question.dates,
        half_year=HalfYear.of_standing(question.dates.valid),
        table=table,
        page=paged(asked(table, question), question),
        course=come_along,
        classes=found.classes,
        class_counts=table.counts(found.classes),
        groups=groups(HalfYear.of_standing(question.dates.valid)),
        figures=FIGURES,
        line_addresses=line_addresses(question),
        number=Grouped(),
        line_words_short=LineWords(short=True),
        trail=trail(question, found.atlas),
        pace=pace_words(table.whole.row, question.dates),
        levels=level_tabs(question),
        downloads=download_links(question),
        kin=kin,
        gone=is_gone(table, question),
        ended=ended_places(question, found.atlas),
        **_maps(table, found),
    )


@blueprint.get(f"/taakstelling.<any({', '.join(FORMATS)}):form>")
def download(form: str) -> Response:
    """Give the area and all its parts that the question asks for as a file with its two dates."""
    with transaction() as connection:
        statement = about(connection, asked_dates())
        found = _answer(connection)
    table = read_table(found.rows, found.question, found.atlas)
    rows = (table.whole, *asked(table, found.question))
    name = file_name("taakstelling", found.question.dates)
    return file_response(table_sheet(rows, statement), Format(form), name)


def _answer(connection: Connection) -> Answer:
    dates = asked_dates()
    atlas = read_atlas(connection)
    classes = _class_names(reference.in_force(reference.schedule_classes(), dates.last_day))
    question = read_question(request.args, dates, atlas, classes)
    rows = standing(connection, dates.valid, dates.known, Level.MUNICIPALITY)
    return Answer(question, atlas, tuple(rows), classes)


def _course(connection: Connection, found: Answer) -> Course:
    area, dates = found.question.area, found.question.dates
    shares = None
    if area != NATION:
        merged = successions(connection, dates.valid, dates.known)
        shares = ledger_shares(found.atlas.within(area), merged)
    return course(connection, dates.valid, dates.known, shares)


def _lineage(connection: Connection, question: Question) -> Lineage:
    if question.area.level is not Level.MUNICIPALITY:
        return Lineage()
    return lineage(connection, question.area.code, question.dates.known)


def _class_names(found: tuple[reference.ScheduleClass, ...]) -> dict[str, str]:
    english = str(get_locale()).startswith("en")
    return {each.code: each.name_en if english else each.name_nl for each in found}


def _maps(table: Table, found: Answer) -> dict[str, object]:
    question = found.question
    if question.area.level is Level.MUNICIPALITY:
        return {"municipality_tiles": None, "region_tiles": None}
    tiles = municipality_map(table.municipalities, question, found.atlas, found.classes)
    regions = None
    if question.area == NATION:
        regions = region_map(table.regions, question, found.classes)
    return {"municipality_tiles": tiles, "region_tiles": regions}
