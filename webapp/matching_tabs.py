"""The tabs of the pages on what promising links are reckoned from, and on what came of them."""

from flask import request, url_for
from flask_babel import gettext

from webapp.marking import N_
from webapp.tabs import Tab

TABLES = {
    "arbeidsvraag": ("demand", N_("Arbeidsvraag")),
    "woningen": ("supply", N_("Woningen")),
    "ziekenhuizen": ("care", N_("Ziekenhuizen")),
    "talen": ("languages", N_("Hulp in een taal")),
}


def matching_tabs() -> list[Tab]:
    """Return a tab for each table, and for the weights."""
    here = request.path
    tabs = [
        Tab(gettext(words), url_for("matching_data.table", name=name), here.endswith(f"/{name}"))
        for name, (_, words) in TABLES.items()
    ]
    weights = url_for("score_weights.weights")
    return [*tabs, Tab(gettext("Gewichten"), weights, here == weights)]


def report_tabs() -> list[Tab]:
    """Return a tab for the reports of runs, and for the model that gives the score."""
    pages = {"fairness.reports": N_("Berekeningen"), "score_models.overview": N_("Scoremodel")}
    return [
        Tab(gettext(words), url_for(endpoint), request.endpoint == endpoint)
        for endpoint, words in pages.items()
    ]
