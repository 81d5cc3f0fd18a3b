"""The page of one case: where it stands, what comes next, and everything behind its tabs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection

from models.vocabulary import CaseState
from webapp import occupations
from webapp.auth import actor
from webapp.clock import moment
from webapp.db import transaction
from webapp.dossier import Dossier, days_left, front_days_left, open_dossier, timeline_of
from webapp.handover_parts import missing, parts
from webapp.marking import N_
from webapp.prefill import adults
from webapp.progress import stages, waiting_sentence
from webapp.proposal_parts import shown_proposal
from webapp.tabs import Tab
from workflows.payload import Audience
from workflows.reading.case import reached
from workflows.reading.documents import documents_of, removable
from workflows.reading.handover import handovers_of, why_unheld
from workflows.reading.offers import offers_of
from workflows.reading.places import labour_regions, municipality_names
from workflows.reading.profile import hides_preparation, preparation_of, screenings_of
from workflows.reading.proposals import decided_proposal
from workflows.reading.rules import norms
from workflows.reading.sharing import kept_groups, shared_groups
from workflows.rules.deadlines import case_due_dates
from workflows.rules.household import age_on
from workflows.steps import BY_CODE

blueprint = Blueprint("case", __name__)
PARTS = {
    "overzicht": N_("Overzicht"),
    "personen": N_("Personen"),
    "voorbereiding": N_("Voorbereiding"),
    "koppeling": N_("Koppeling"),
    "woning": N_("Woning"),
    "overdracht": N_("Overdracht"),
    "tijdlijn": N_("Tijdlijn"),
    "documenten": N_("Documenten"),
    "delen": N_("Delen"),
}


@blueprint.get("/dossiers/<reference:reference>")
def case(reference: str) -> str:
    """Show a case; the part is chosen in the address."""
    part = request.args.get("deel", "overzicht")
    part = part if part in PARTS else "overzicht"
    with transaction() as connection:
        dossier = open_dossier(connection, actor(), reference, moment(), f"case:{part}")
        today = moment().today
        dues = case_due_dates(dossier.case, norms(connection))
        return render_template(
            f"case/{part}.html",
            dossier=dossier,
            case=dossier.case,
            part=part,
            tabs_of_case=_tabs(reference, part, dossier),
            stages=stages(dossier.case, dues, reached(connection, dossier.case), today),
            dues=dues,
            days=days_left(dossier.case, today),
            front_days=front_days_left(dossier, today),
            waiting=waiting_sentence(dossier.case),
            other_acts=other_acts(dossier),
            today=today,
            live=dossier.case.state not in {CaseState.CLOSED, CaseState.ENDED},
            **_LOADERS[part](connection, dossier),
        )


def _tabs(reference: str, part: str, dossier: Dossier) -> list[Tab]:
    counts = {"personen": len(dossier.present)}
    return [
        Tab(
            gettext(words),
            url_for("case.case", reference=reference, deel=name if name != "overzicht" else None),
            name == part,
            counts.get(name),
        )
        for name, words in PARTS.items()
    ]


def other_acts(dossier: Dossier) -> list[dict[str, Any]]:
    """Return the acts behind "Andere handelingen" as links."""
    return [
        {
            "label": gettext(step.label),
            "url": url_for("step.form", reference=dossier.case.reference, code=step.code),
            "hint": gettext(step.explanation),
        }
        for step in dossier.acts.others
    ]


def _overview(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    today = moment().today
    keys = [member.person_id for member in dossier.present]
    return {
        "ages": {each.person_id: age_on(each.birth_date, today) for each in dossier.present},
        "screenings": screenings_of(connection, keys, dossier.case.audience),
        "regions": _region_names(connection, dossier),
        "entries": timeline_of(connection, dossier)[:3],
    }


def _persons(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    keys = [member.person_id for member in dossier.present]
    return {
        "screenings": screenings_of(connection, keys, dossier.case.audience),
        "grown": {member.person_id for member in adults(dossier.members, moment().today)},
    }


def _preparation(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    grown = adults(dossier.members, moment().today)
    keys = [member.person_id for member in grown]
    hours = preparation_of(connection, keys, dossier.case.audience)
    plan = {norm.code.removesuffix("_hours"): norm.amount for norm in norms(connection)}
    return {
        "adults": grown,
        "bars": {
            member.person_id: [
                bar(each, plan) for each in hours if each.person_id == member.person_id
            ]
            for member in grown
        },
        "screenings": screenings_of(
            connection, [member.person_id for member in grown], dossier.case.audience
        ),
        "levels": {each.person_id: each.level for each in hours if each.level},
        "hidden": hides_preparation(dossier.case.audience),
        "can_record": BY_CODE["record_preparation"] in dossier.acts,
    }


def bar(each: Any, plan: dict[str, int]) -> dict[str, Any]:
    """Return the hours of a module as a bar against its plan."""
    norm = plan.get(each.module)
    full = norm is not None and each.hours >= norm
    return {
        "module": each.module,
        "url": None,
        "value": each.hours,
        "norm": norm,
        "result": each.result,
        "tone": "success" if full or each.result == "completed" else "action",
    }


def _link(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    places = {str(each["municipality"]) for each in dossier.case.hard_criteria}
    return {
        "regions": _region_names(connection, dossier),
        "places": municipality_names(connection, places),
        "shown": _decided(connection, dossier),
    }


def _decided(connection: Connection, dossier: Dossier) -> dict[str, Any] | None:
    """Return the proposal behind the link, for those who work for the agency."""
    case = dossier.case
    if case.audience is not Audience.AGENCY or case.municipality_code is None:
        return None
    found = decided_proposal(connection, case.id)
    return None if found is None else shown_proposal(connection, found, dossier)


def _home(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    return {"offers": offers_of(connection, dossier.case)}


def _handover(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    today = moment().today
    found = handovers_of(connection, actor(), dossier.case.id, today)
    newest = next((each for each in found if each.newest), None)
    shown = None
    if newest is not None:
        shown = parts(connection, actor(), newest, dossier.acts, today)
    return {
        "shown": shown,
        "lacking": missing(connection, dossier, today),
        "earlier": [each for each in found if each is not newest],
        "why_unheld": why_unheld(connection, dossier.case),
    }


def _documents(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    found = handovers_of(connection, actor(), dossier.case.id, moment().today)
    return {
        "profiles": [each for each in found if each.sees_snapshot and not each.erased],
        "documents": documents_of(connection, dossier.case),
        "removable": removable,
        "can_add": BY_CODE["add_document"] in dossier.acts,
        "can_remove": BY_CODE["remove_document"] in dossier.acts,
    }


def _timeline(connection: Connection, dossier: Dossier) -> dict[str, Any]:
    return {"entries": timeline_of(connection, dossier)}


def _sharing(_connection: Connection, _dossier: Dossier) -> dict[str, Any]:
    return {"shared": shared_groups(), "kept": kept_groups()}


def _region_names(connection: Connection, dossier: Dossier) -> list[str]:
    wanted = {str(number) for number in dossier.case.advised_regions}
    if not wanted:
        return []
    return [place.name for place in labour_regions(connection) if place.code in wanted]


_LOADERS: dict[str, Callable[[Connection, Dossier], dict[str, Any]]] = {
    "overzicht": _overview,
    "personen": _persons,
    "voorbereiding": _preparation,
    "koppeling": _link,
    "woning": _home,
    "overdracht": _handover,
    "tijdlijn": _timeline,
    "documenten": _documents,
    "delen": _sharing,
}


@blueprint.app_template_filter("occupation")
def occupation(code: str) -> str:
    """Return the title of an occupation."""
    return occupations.name(code)
