"""The list behind a figure that an address asks for, as a page, a file or a job reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from webapp.clock import moment
from webapp.standing.files import about, lines_sheet
from webapp.standing_dates import Dates, file_name
from workflows.actor import Actor
from workflows.exchange.sheet import Sheet
from workflows.quota.figures import Figure
from workflows.reading.areas import NATION, Area, read_atlas
from workflows.reading.behind import Behind

# What is longer is made by a worker.
MOST_DIRECT = 5_000


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

    @property
    def file_name(self) -> str:
        """The name of a file of the list, without its ending."""
        return file_name(f"{self.figure}-{self.area.code}", self.dates)

    def sheet(self, connection: Connection, who: Actor) -> Sheet:
        """Return the whole list for a user as a table to be written."""
        statement = about(connection, self.dates)
        export = self.behind.open(connection, who, moment()).export()
        return lines_sheet(self.figure.value, export, statement)


def read_asked(connection: Connection, given: Mapping[str, str], dates: Dates) -> Asked | None:
    """Return the list of an address; None for a figure or an area that does not exist."""
    figure = given.get("cijfer", "")
    # Earlier addresses, which people may have kept, name a municipality by itself.
    code = given.get("gebied") or given.get("gemeente") or NATION.code
    area = read_atlas(connection).by_code.get(code)
    if area is None or figure not in {each.value for each in Figure}:
        return None
    return Asked(dates, area, Figure(figure))
