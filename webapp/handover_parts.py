"""What the pages of a handover show: its parts in words, as far as the visitor may see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import Connection

from models.vocabulary import HandoverState
from webapp import forms, labels
from webapp.client_profile import on_day
from webapp.dossier import Dossier
from webapp.marking import N_
from workflows.actor import Actor
from workflows.acts import Acts
from workflows.guards import HANDOVER_STATES
from workflows.handover.contents import Difference, Gap, gaps, load_contents
from workflows.handover.moves import ON_HANDOVER
from workflows.payload import Audience
from workflows.reading.duplicates import Duplicate, duplicates_of
from workflows.reading.handed_over import (
    Interview,
    Message,
    changes_since,
    interview_of,
    thread_of,
)
from workflows.reading.handover import HandoverView, draft_of, handovers_of
from workflows.step import Step

SECTIONS = {
    "household": N_("Huishouden"),
    "members": N_("Personen"),
    "profile": N_("Profiel"),
    "preparation": N_("Voorbereiding"),
    "functional_needs": N_("Eisen aan de woning"),
}
NAMES = {
    "type": N_("Samenstelling"),
    "permit_on": N_("Vergunning sinds"),
    "expected_members": N_("Nareizigers verwacht"),
    "expected_month": N_("Verwacht vanaf"),
    "given_names": N_("Voornamen"),
    "family_name": N_("Achternaam"),
    "v_number": N_("V-nummer"),
    "bsn": N_("BSN"),
    "birth_date": N_("Geboortedatum"),
    "sex": N_("Geslacht"),
    "role": N_("Plaats in het huishouden"),
    "languages": N_("Talen"),
    "held_on": N_("Datum gesprek"),
    "absence": N_("Reden dat er geen screening was"),
    "education_level": N_("Hoogste opleiding"),
    "education_field": N_("Richting van de opleiding"),
    "work_experience": N_("Werkervaring"),
    "ambitions": N_("Wensen voor werk en opleiding"),
    "dutch_level": N_("Niveau Nederlands"),
    "hours": N_("Uren"),
    "result": N_("Resultaat"),
    "level": N_("Bereikt niveau Nederlands"),
    "last_on": N_("Laatst op"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that is otherwise now than when the household was handed over."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HandoverParts:
    """Everything that a visitor may see of one handover, and what the visitor can do with it."""

    view: HandoverView
    due_days: int | None
    thread: list[Message]
    changed: list[Changed]
    interview: Interview | None
    duplicates: list[Duplicate]
    deciding: bool
    form_keys: tuple[str, str]
    acts: list[dict[str, str]]


def parts(
    connection: Connection, who: Actor, view: HandoverView, acts: Acts | None, today: date
) -> HandoverParts:
    """Return everything that the visitor may see of one handover; `acts` None: none to take."""
    deciding = acts is not None and view.pending and _can(acts, "accept_handover")
    return HandoverParts(
        view=view,
        due_days=None if view.due_on is None else (view.due_on - today).days,
        thread=thread_of(connection, view) if view.sees_thread else [],
        changed=_changed(connection, view),
        interview=interview_of(connection, view) if view.sees_snapshot else None,
        duplicates=duplicates_of(connection, who, view.case_id, today) if deciding else [],
        deciding=deciding,
        form_keys=(forms.new_key(), forms.new_key()),
        acts=[] if acts is None else _links(acts, view, deciding=deciding),
    )


def said_before(
    connection: Connection, who: Actor, dossier: Dossier, step: Step, today: date
) -> list[Message]:
    """Return the questions and answers to read beside the form for the next one."""
    if step.code not in {"ask_about_handover", "answer_about_handover"}:
        return []
    found = handovers_of(connection, who, dossier.case.id, today)
    newest = next((each for each in found if each.newest and each.sees_thread), None)
    return [] if newest is None else thread_of(connection, newest)


def _can(acts: Acts, code: str) -> bool:
    return any(step.code == code for step in (acts.front, *acts.others) if step is not None)


def _links(acts: Acts, view: HandoverView, *, deciding: bool) -> list[dict[str, str]]:
    """Return the acts on the handover as links; accepting and rejecting stand on the page."""
    shown = {"accept_handover", "reject_handover"} if deciding else set()
    steps = [step for step in (acts.front, *acts.others) if step is not None]
    return [
        {
            "label": gettext(step.label),
            "url": url_for("step.form", reference=view.case_reference, code=step.code),
            "hint": gettext(step.explanation),
        }
        for step in steps
        if step.code in ON_HANDOVER and step.code not in shown
    ]


def _changed(connection: Connection, view: HandoverView) -> list[Changed]:
    if not view.sees_snapshot or view.erased:
        return []
    return [_said(each) for each in changes_since(connection, view)]


def _said(found: Difference) -> Changed:
    section = gettext(SECTIONS[found.section])
    if isinstance(found.then, dict) or isinstance(found.now, dict):
        # A whole row came or went: a person, a screening, a module.
        there, gone = gettext("aanwezig"), gettext("niet aanwezig")
        name = labels.label(found.name) if found.section == "preparation" else ""
        title = f"{section}: {name}" if name else section
        return Changed(title, there if found.then else gone, there if found.now else gone)
    module, _, name = found.name.rpartition(".")
    words = [labels.label(module)] if module else []
    if name in NAMES:
        words.append(gettext(NAMES[name]))
    title = ": ".join([section, ", ".join(words)]) if words else section
    return Changed(title, _value(name, found.then), _value(name, found.now))


def _value(name: str, value: Any) -> str:
    if value is None or value in ([], ""):
        return "–"
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return str(len(value))
        return ", ".join(labels.label(str(each)) for each in value)
    if name.endswith("_on") or name == "birth_date":
        return on_day(str(value))
    return labels.label(str(value))


def missing(connection: Connection, dossier: Dossier, today: date) -> list[dict[str, Any]] | None:
    """Return what the sender still has to supply, each with a link to the step that does so.

    None for whoever does not send, and where a handover cannot be offered.
    """
    case = dossier.case
    if case.audience is not Audience.AGENCY or case.state not in HANDOVER_STATES:
        return None
    absence = draft_of(connection, case.handover_id)
    contents = load_contents(connection, [case.id])[case.id]
    lacking = gaps(contents, absence, today)
    people = {each.reference: each.name for each in dossier.present}
    items = [_item(case.reference, gap, people) for gap in lacking]
    if case.handover_state != HandoverState.DRAFT:
        items.append(
            {
                "label": gettext("Lopende zaken en contactpersoon"),
                "url": url_for("step.form", reference=case.reference, code="prepare_handover"),
                "hint": gettext("Leg vast wat er nog loopt en wie de contactpersoon is."),
            }
        )
    return items


def _item(case: str, gap: Gap, people: dict[str, str]) -> dict[str, Any]:
    words = {
        "screen": gettext("Screening van %(name)s", name=people.get(gap.member or "", "?")),
        "record_preparation": gettext(
            "Voorbereiding van %(name)s", name=people.get(gap.member or "", "?")
        ),
    }
    hints = {
        "screen": gettext("Of de reden dat er geen screening was."),
        "record_preparation": gettext(
            "Of leg bij het voorbereiden van de overdracht vast waarom die ontbreekt."
        ),
    }
    return {
        "label": words[gap.step],
        "url": url_for("step.form", reference=case, code=gap.step, wie=gap.member),
        "hint": hints[gap.step],
    }
