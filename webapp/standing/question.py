"""The question that an address of the page Taakstelling puts, and the addresses of others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext

from webapp.standing_dates import A_DAY, Dates
from workflows.quota.table import KEYS, Level
from workflows.reading.areas import NATION, Area, Atlas

LEVELS = {
    "provincies": Level.PROVINCE,
    "regios": Level.REGION,
    "gemeenten": Level.MUNICIPALITY,
}
# By address, the figure that must not be nought.
SHOWN = {"alle": None, "achterstand": "backlog", "voorsprong": "advance"}
LATENESS = "maandlijn"
SORTS = (*KEYS[1:], LATENESS)
DIRECTIONS = {"oplopend": False, "aflopend": True}
LONGEST_SEARCH = 60
_LAST_PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which rows of the table are asked for, in which order; `misread` says what made no sense."""

    dates: Dates
    area: Area = NATION
    level: Level = Level.PROVINCE
    sort: str = "name"
    descending: bool = False
    schedule: str = ""
    shown: str = "alle"
    search: str = ""
    page: int = 1
    misread: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """The question as an address gives it again; what goes without saying is left out."""
        level = next(name for name, level in LEVELS.items() if level is self.level)
        implied = _own_level(self.area)
        given = {
            "gebied": "" if self.area == NATION else self.area.code,
            "niveau": "" if self.level is implied else level,
            "sorteer": "" if (self.sort, self.descending) == ("name", False) else self.sort,
            "richting": "aflopend" if self.descending else "",
            "klasse": self.schedule,
            "tonen": "" if self.shown == "alle" else self.shown,
            "zoek": self.search,
            "blad": "" if self.page == 1 else str(self.page),
        }
        return self.dates.arguments | {name: value for name, value in given.items() if value}

    def address(self, **changes: Any) -> str:
        """Return the address of this question with some of it changed; then page 1, unless said."""
        asked = replace(self, **{"page": 1, **changes})
        return url_for("standing.standing", **asked.arguments)

    def download(self, form: str) -> str:
        """Return the address of a file of all rows that the question asks for."""
        return url_for("standing.download", form=form, **replace(self, page=1).arguments)

    @property
    def of_area(self) -> str:
        """The address of the page of another area for the same dates, but for its code."""
        return url_for("standing.standing", **self.dates.arguments) + "&gebied="

    def at(self, level: Level) -> "Question":
        """Return the same question about the parts of another level, all of them."""
        return Question(dates=self.dates, area=self.area, level=level)

    def classed(self, schedule: str) -> str:
        """Return the address of the municipalities of the area in a class."""
        return self.address(level=Level.MUNICIPALITY, schedule=schedule, shown="alle", search="")

    def dated(self, valid: date | None) -> str:
        """Return the address for another date, as known now; None is today."""
        dates = replace(
            self.dates, valid=valid or self.dates.today + A_DAY, known_on=None, instant=None
        )
        return self.address(dates=dates)

    def before(self, code: str, on_date: date) -> str:
        """Return the address of a municipality's last standing under its own name."""
        dates = replace(self.dates, valid=on_date)
        return url_for("standing.standing", **dates.arguments, gebied=code)

    @property
    def is_filtered(self) -> bool:
        """Tell whether rows may be left out."""
        return bool(self.schedule or self.search or self.shown != "alle")

    @property
    def unfiltered(self) -> str:
        """The address with every row."""
        return self.address(schedule="", shown="alle", search="")

    def sorted_by(self, sort: str) -> str:
        """Return the address that sorts by a column, or the other way round if it does already."""
        # Figures are read from the largest on, names from the letter A on.
        down = not self.descending if sort == self.sort else sort != "name"
        return self.address(sort=sort, descending=down)


def read_question(
    given: Mapping[str, str], dates: Dates, atlas: Atlas, classes: Mapping[str, str]
) -> Question:
    """Return what an address asks; whatever it says that no page offers is left out and named."""
    wrong = [_dates_misread()] if dates.misread else []

    def choose(name: str, offered: Mapping[str, Any], default: Any) -> Any:
        text = given.get(name, "").strip()
        if text and text not in offered:
            wrong.append(_unknown(name))
        return offered.get(text, default)

    area = choose("gebied", atlas.by_code, NATION)
    shown = choose("tonen", {name: name for name in SHOWN}, "alle")
    schedule = choose("klasse", {code: code for code in classes}, "")
    search = given.get("zoek", "").strip()[:LONGEST_SEARCH]
    # Search and filters look for municipalities.
    found = Level.MUNICIPALITY if shown != "alle" or schedule or search else _own_level(area)
    level = choose("niveau", LEVELS, found)
    return Question(
        dates=dates,
        area=area,
        level=level if area == NATION else Level.MUNICIPALITY,
        sort=choose("sorteer", {name: name for name in SORTS}, "name"),
        descending=choose("richting", DIRECTIONS, default=False),
        schedule=schedule,
        shown=shown,
        search=search,
        page=choose("blad", {str(number): number for number in range(1, _LAST_PAGE)}, 1),
        misread=tuple(wrong),
    )


def _own_level(area: Area) -> Level:
    return Level.PROVINCE if area == NATION else Level.MUNICIPALITY


def _dates_misread() -> str:
    words: str = gettext(
        "Deze datum klopt niet. Kies een dag vanaf 1 januari 2000 tot en met een jaar vanaf nu."
    )
    return words


def _unknown(name: str) -> str:
    words: dict[str, str] = {
        "gebied": gettext("Dit gebied bestaat niet. U ziet nu heel Nederland."),
        "niveau": gettext("Deze indeling bestaat niet. U ziet de gewone indeling."),
        "klasse": gettext("Deze klasse bestaat niet. U ziet alle klassen."),
        "tonen": gettext("Deze keuze bestaat niet. U ziet alle gemeenten."),
        "sorteer": gettext("Op deze kolom kan niet worden gesorteerd. De rijen staan op naam."),
        "richting": gettext("Deze richting bestaat niet. De rijen staan van laag naar hoog."),
        "blad": gettext("Deze bladzijde bestaat niet. U ziet de eerste."),
    }
    return words[name]
