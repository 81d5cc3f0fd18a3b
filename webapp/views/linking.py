"""Koppelen: the households that wait for a link, and why a municipality is proposed for one."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from models.vocabulary import DepartureReason, HouseholdType
from webapp import forms, reasons
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import Dossier, days_left, open_dossier
from webapp.no_proposal_words import shown_without
from webapp.proposal_parts import shown_proposal
from workflows.errors import NotFound
from workflows.matching.daily import suggest
from workflows.matching.without_proposal import without_proposal
from workflows.reading.matching_runs import latest
from workflows.reading.places import municipality_names
from workflows.reading.proposals import open_proposal
from workflows.reading.to_link import Filters, Page, ToLink, counts, page
from workflows.steps import BY_CODE
from workflows.trail import record_reads

blueprint = Blueprint("linking", __name__)
KEPT = ("huishouden", "gemeente", "voorstel", "te_laat", "dun")
PROPOSED = {"ja": True, "nee": False}
_MUNICIPALITY = re.compile(r"GM[0-9]{4}")
_REFERENCE = re.compile(r"[a-z2-7]{16}")


@blueprint.get("/koppelen")
def linking() -> str:
    """List the households to link under the filters of the address, the most urgent first."""
    who, today = actor(), moment().today
    filters = filters_of(request.args)
    with transaction() as connection:
        counted = counts(connection, who, filters, today)
        shown = page(connection, who, filters, today, after=_place("na"), before=_place("voor"))
        record_reads(connection, moment(), who.user_id, "linking", [row.id for row in shown.rows])
        runs = latest(connection, who)
        names = municipality_names(connection, {filters.place} if filters.place else set())
    return render_template(
        "linking/linking.html",
        rows=[_row(row, today) for row in shown.rows],
        counted=counted,
        filters=filters,
        filtered=filters != Filters(),
        place_name=names.get(filters.place or ""),
        households=list(HouseholdType),
        last_run=runs[0] if runs else None,
        previous_url=_page_url(shown, "voor") if shown.has_previous else None,
        next_url=_page_url(shown, "na") if shown.has_next else None,
        kept=kept_filters(),
        run=moment().new_reference(),
    )


@blueprint.get("/koppelen/huishoudens/<reference:reference>")
def household(reference: str) -> str:
    """Show what is proposed for a household and why, with its alternatives."""
    link = BY_CODE["link"]
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), reference, moment(), "linking")
        if link not in dossier.acts:
            raise NotFound
        shown = _proposal(connection, dossier)
        return render_template(
            "linking/household.html",
            dossier=dossier,
            days=days_left(dossier.case, moment().today),
            shown=shown,
            daily=None if shown else _daily(connection, dossier),
            without=None if shown else _without(connection, dossier),
            key=forms.new_key(),
            departures=list(DepartureReason),
            run=moment().new_reference(),
        )


def _proposal(connection: Connection, dossier: Dossier) -> dict[str, Any] | None:
    found = open_proposal(connection, dossier.case.id)
    if found is None or not found.fresh:
        return None
    return shown_proposal(connection, found, dossier)


def _without(connection: Connection, dossier: Dossier) -> dict[str, Any] | None:
    found = without_proposal(connection, actor(), dossier.case.reference, moment())
    if found is None:
        return None
    return shown_without(found, municipality_names(connection, set(found.short_of_room)))


def _daily(connection: Connection, dossier: Dossier) -> dict[str, Any] | None:
    found = suggest(connection, actor(), dossier.case.reference, moment())
    if found is None:
        return None
    names = municipality_names(connection, {found.municipality})
    return {
        "found": found,
        "place": names[found.municipality],
        "score": reasons.points(found.score),
        "scarcity": reasons.points(found.scarcity),
    }


def filters_of(asked: Mapping[str, str]) -> Filters:
    """Return the filters that an address asks for; what it says wrongly, it does not ask."""
    kind, place = asked.get("huishouden"), asked.get("gemeente", "")
    return Filters(
        household=kind if kind in {each.value for each in HouseholdType} else None,
        place=place if _MUNICIPALITY.fullmatch(place) else None,
        proposed=PROPOSED.get(asked.get("voorstel", "")),
        overdue=asked.get("te_laat") == "1",
        thin=asked.get("dun") == "1",
    )


def kept_filters() -> dict[str, str]:
    """Return the filters of the address, so that pages keep them."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _place(name: str) -> tuple[date, str] | None:
    day, _, reference = request.args.get(name, "").partition("_")
    try:
        return (date.fromisoformat(day), reference) if _REFERENCE.fullmatch(reference) else None
    except ValueError:
        return None


def _page_url(shown: Page, direction: str) -> str:
    kept: dict[str, Any] = dict(kept_filters())
    if shown.rows:
        row = shown.rows[0 if direction == "voor" else -1]
        kept[direction] = f"{row.due_on.isoformat()}_{row.reference}"
    return url_for("linking.linking", **kept)


def _row(row: ToLink, today: date) -> dict[str, Any]:
    return {
        "case": row,
        "days": (row.due_on - today).days,
        "lacking": lacking(row),
        "score": None if row.score is None else reasons.points(float(row.score)),
    }


def lacking(row: ToLink) -> list[str]:
    """Return what is missing in the profile of a household, in words."""
    found = []
    if row.unscreened:
        found.append(
            ngettext(
                "screening van %(num)s volwassene",
                "screening van %(num)s volwassenen",
                row.unscreened,
            )
        )
    if not row.advised:
        found.append(gettext("advies over de regio"))
    return found
