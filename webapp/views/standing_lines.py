"""The lines, and so the persons, behind a figure of the official table."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection

from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.download import file_response
from webapp.standing.files import about, lines_sheet
from webapp.standing.navigation import FORMATS, Download
from webapp.standing_dates import Dates, asked_dates, file_name
from webapp.standing_heads import HEADS
from workflows.exchange.formats import Format
from workflows.quota.figures import PERSONS_BEHIND, Figure
from workflows.reading.areas import NATION, Area, read_atlas
from workflows.reading.behind import Behind
from workflows.trail import record_read

blueprint = Blueprint("standing_lines", __name__)
PAGE = 100
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that an address asks for."""

    dates: Dates
    area: Area
    figure: Figure

    @property
    def behind(self) -> Behind:
        """The list itself."""
        return Behind(
            figure=self.figure,
            valid=self.dates.valid,
            known=self.dates.known,
            level=self.area.level,
            code=self.area.code,
        )

    @property
    def area_arguments(self) -> dict[str, Any]:
        """The dates and the area as an address gives them again."""
        given = self.dates.arguments
        return given if self.area == NATION else given | {"gebied": self.area.code}

    @property
    def arguments(self) -> dict[str, Any]:
        """The question as an address gives it again."""
        return self.area_arguments | {"cijfer": self.figure.value}


@blueprint.get("/taakstelling/regels")
def lines() -> str:
    """Show the lines, for realised figures the persons, behind one figure."""
    who = actor()
    with transaction() as connection:
        asked = _asked(connection)
        opened = asked.behind.open(connection, who, moment())
        total, count = opened.total(), opened.count(most=COUNTED)
        try:
            after = request.args.get("na")
            page = opened.page(after=after, size=PAGE)
        except (ValueError, OverflowError):
            abort(404)
        if any(line.name for line in page):
            record_read(connection, moment(), who.user_id, f"standing {asked.figure}")
    more: dict[str, Any] | None = {"na": page[-1].cursor} if len(page) >= PAGE else None
    arguments = asked.arguments
    return render_template(
        "standing/lines.html",
        dates=asked.dates,
        letter=HEADS[asked.figure][0],
        figure_name=gettext(HEADS[asked.figure][1]),
        place=opened.place,
        persons=asked.figure in PERSONS_BEHIND,
        total=total,
        count=count,
        most=COUNTED,
        page=page,
        first_url=url_for("standing_lines.lines", **arguments) if request.args.get("na") else None,
        next_url=url_for("standing_lines.lines", **arguments, **more) if more else None,
        downloads=[
            Download(form.upper(), url_for("standing_lines.download", form=form, **arguments))
            for form in FORMATS
        ],
        table_url=url_for("standing.standing", **asked.area_arguments),
    )


@blueprint.get(f"/taakstelling/regels.<any({', '.join(FORMATS)}):form>")
def download(form: str) -> Response:
    """Give the whole list behind a figure as a file: references, never names."""
    with transaction() as connection:
        asked = _asked(connection)
        statement = about(connection, asked.dates)
        export = asked.behind.open(connection, actor(), moment()).export()
        sheet = lines_sheet(asked.figure.value, export, statement)
        name = f"{asked.figure}-{asked.area.code}"
        return file_response(sheet, Format(form), file_name(name, asked.dates))


def _asked(connection: Connection) -> Asked:
    """Return the list of an address; there is none for a figure or an area that does not exist."""
    figure = request.args.get("cijfer", "")
    # Earlier addresses, which people may have kept, name a municipality by itself.
    code = request.args.get("gebied") or request.args.get("gemeente") or NATION.code
    area = read_atlas(connection).by_code.get(code)
    if area is None or figure not in {each.value for each in Figure}:
        abort(404)
    return Asked(asked_dates(), area, Figure(figure))
