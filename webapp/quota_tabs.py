"""The pages of the quota officer, side by side."""

from flask import request, url_for
from flask_babel import gettext

from webapp.auth import actor
from webapp.marking import N_
from webapp.tabs import Tab
from workflows.permissions import Permission
from workflows.policy import may

_PAGES = (
    ("apportionment.form", N_("Verdelen")),
    ("publications.overview", N_("Publicaties")),
    ("exemptions.exemptions", N_("Vrijstellingen")),
    ("populations.populations", N_("Inwonertallen")),
    ("transfers.transfers", N_("Uitruil")),
    ("mergers.mergers", N_("Herindelingen")),
    ("corrections.corrections", N_("Correcties")),
    ("standing_import.form", N_("Geschiedenis")),
)


def quota_tabs() -> list[Tab]:
    """Return the tabs for who may assign quotas; none for anybody else."""
    if not may(actor(), Permission.ASSIGN_QUOTA):
        return []
    here = (request.endpoint or "").split(".")[0]
    return [
        Tab(gettext(words), url_for(endpoint), endpoint.split(".")[0] == here)
        for endpoint, words in _PAGES
    ]
