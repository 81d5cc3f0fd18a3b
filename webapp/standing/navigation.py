"""Ways on from the page Taakstelling: up to larger areas, to other levels, to files."""

from dataclasses import dataclass

from flask_babel import gettext

from webapp.marking import N_
from webapp.standing.question import Question
from webapp.tabs import Tab
from workflows.exchange.formats import Format
from workflows.quota.table import Level
from workflows.reading.areas import NATION, Atlas

FORMATS = (Format.CSV, Format.XLSX, Format.ODS)
LEVEL_NAMES = {
    Level.PROVINCE: N_("Provincies"),
    Level.REGION: N_("Arbeidsmarktregio’s"),
    Level.MUNICIPALITY: N_("Gemeenten"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of what the page shows."""

    label: str
    url: str


def trail(question: Question, atlas: Atlas) -> list[tuple[str, str]]:
    """Return the larger areas that the area lies in; a municipality's region too."""
    if question.area == NATION:
        return []
    found = [NATION]
    if question.area.level is Level.MUNICIPALITY:
        place = atlas.place_of[question.area.code]
        found += [atlas.by_code[place.province], atlas.by_code[place.region]]
    return [(each.name, question.of_area + each.code) for each in found]


def level_tabs(question: Question) -> list[Tab]:
    """Return the levels at which the country can be read."""
    return [
        Tab(gettext(words), question.at(level).address(), question.level is level)
        for level, words in LEVEL_NAMES.items()
    ]


def download_links(question: Question) -> list[Download]:
    """Return the files of the rows that the page asks for."""
    return [Download(form.upper(), question.download(form)) for form in FORMATS]
