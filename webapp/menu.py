"""The main menu: what a visitor may open, how much waits there, and where this page belongs."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.exc import SQLAlchemyError

from webapp.access import ROUTES, Gate
from webapp.auth import SignedIn
from webapp.clock import moment
from webapp.db import database
from webapp.marking import N_
from workflows.permissions import Permission
from workflows.policy import may
from workflows.reading.badges import Badges, badges

# Endpoint and words of the main menu; who may not open an entry does not see it.
MENU = (
    ("queue.queue", N_("Werkvoorraad")),
    ("linking.linking", N_("Koppelen")),
    ("due.due", N_("Termijnen")),
    ("notices.notices", N_("Meldingen")),
    ("inbox.inbox", N_("Gemeente")),
    ("tasks.tasks", N_("Taken")),
    ("register.form", N_("Registreren")),
    ("standing.standing", N_("Taakstelling")),
    ("apportionment.form", N_("Verdelen")),
    ("transfers.transfers", N_("Uitruil")),
    ("standing_import.form", N_("Geschiedenis")),
    ("reconciliation.reconciliation", N_("Aansluiting")),
    ("supervision.ladder", N_("Toezicht")),
    ("flow.flow", N_("Doorstroom")),
    ("substitutes.substitutes", N_("Vervanging")),
    ("supply_report.supply", N_("Woningen")),
    ("fairness.reports", N_("Eerlijkheid")),
    ("score_weights.weights", N_("Koppelgegevens")),
    ("users.users", N_("Gebruikers")),
    ("deliveries.deliveries", N_("Bezorging")),
    ("webhooks.webhooks", N_("Webhooks")),
    ("norms.norms", N_("Normen")),
    ("trail.search", N_("Logboek")),
    ("verification.overview", N_("Gegevenscontrole")),
)
# Entries that a page of another entry leads to: whoever may open that one finds them there.
UNDER = {"fairness.reports": "linking.linking"}
# Pages without an entry of their own, or with one that not everybody has: what they are part of.
PART_OF = {
    "matching_runs": "linking",
    "confirming": "linking",
    "what_if": "linking",
    "why_not": "linking",
    "score_models": "fairness",
    "fairness": "linking",
    "departures": "flow",
    "matching_data": "score_weights",
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the main menu."""

    label: str
    url: str
    current: bool
    badge: int | None = None
    badge_label: str | None = None


def navigation(visitor: SignedIn) -> list[MenuItem]:
    """Return the entries that a visitor may open; the one that the page belongs to is current."""
    waiting = _badges(visitor)
    shown = [
        (endpoint.split(".")[0], endpoint, words)
        for endpoint, words in MENU
        if endpoint in current_app.view_functions
        and not _opens(visitor, UNDER.get(endpoint))
        and _opens(visitor, endpoint)
    ]
    current = _entry_of_page({name for name, _, _ in shown})
    return [_item(name, endpoint, words, waiting, current) for name, endpoint, words in shown]


def _item(name: str, endpoint: str, words: str, waiting: Badges, current: str) -> MenuItem:
    badge = getattr(waiting, name, 0) or None
    label = _badge_label(name, badge or 0)
    return MenuItem(gettext(words), url_for(endpoint), name == current, badge, label)


def _entry_of_page(entries: Collection[str]) -> str:
    """Return the entry that this page belongs to, as near as the visitor's menu has it."""
    name = (request.endpoint or "").split(".")[0]
    while name not in entries and name in PART_OF:
        name = PART_OF[name]
    return name


def _opens(visitor: SignedIn, endpoint: str | None) -> bool:
    """Tell whether a visitor may open an entry of the menu."""
    gate = ROUTES.get(endpoint or "")
    return gate is Gate.SIGNED_IN or (isinstance(gate, Permission) and may(visitor.actor, gate))


def _badge_label(name: str, badge: int) -> str:
    match name:
        case "notices":
            words = ngettext("ongelezen melding", "ongelezen meldingen", badge)
        case "due":
            words = ngettext("termijn tot en met vandaag", "termijnen tot en met vandaag", badge)
        case "tasks":
            words = ngettext("open taak", "open taken", badge)
        case "transfers":
            words = ngettext("uitruil wacht op antwoord", "keer uitruil wacht op antwoord", badge)
        case _:
            words = ngettext("dossier wacht", "dossiers wachten", badge)
    return str(words)


def _badges(visitor: SignedIn) -> Badges:
    """Return how much waits; nothing on a page that tells of a database that is away."""
    try:
        with database().connect() as connection:
            return badges(connection, visitor.actor, moment().today)
    except SQLAlchemyError:
        return Badges()
