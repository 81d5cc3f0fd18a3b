"""What a form knows before anybody types: today, the only member, the size of the household."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.vocabulary import HandoverOutcome, HandoverState, HousingKind, MemberRole
from webapp.sources import Sources
from workflows.payload import Widget, declared
from workflows.reading.case import MemberView
from workflows.reading.places import municipality_names
from workflows.rules.household import Member, is_adult, rooms_needed
from workflows.rules.outcomes import months_to_measure
from workflows.step import Step

# Days that lie elsewhere than today, or that nobody should pass over unseen.
NOT_TODAY = frozenset({"permit_on", "until", "birth_date"})


def prefill(sources: Sources, chosen: str | None) -> dict[str, Any]:
    """Return starting values for the form of a step.

    `chosen` is the member or the document from whose row the form was opened.
    """
    values: dict[str, Any] = {}
    step = sources.step
    if step is None:
        return values
    for name, info in step.payload.model_fields.items():
        widget = declared(info).widget
        if widget is Widget.DATE and info.is_required() and name not in NOT_TODAY:
            values[name] = sources.today
        elif widget is Widget.MEMBER and info.is_required():
            values[name] = _member(sources, step, chosen)
        elif widget is Widget.DOCUMENT:
            values[name] = chosen
        elif widget is Widget.YES_NO and not info.is_required():
            values[name] = "true" if info.default else "false"
        elif not info.is_required() and info.default_factory is None and info.default is not None:
            values[name] = info.default
    return values | _of_step(sources, step) | _chosen_municipality(sources, step, chosen)


def _chosen_municipality(sources: Sources, step: Step, chosen: str | None) -> dict[str, Any]:
    """Return the municipality that was chosen from the list beside the form, by its name."""
    if chosen is None or step.code != "link":
        return {}
    return {"municipality": municipality_names(sources.connection, {chosen}).get(chosen)}


def _member(sources: Sources, step: Step, chosen: str | None) -> str | None:
    options = [option.value for option in sources.member_options]
    if chosen in options:
        return chosen
    if step.code == "screen":
        waiting = {each.reference for each in sources.members if not each.screened}
        options = [value for value in options if value in waiting] or options
        return options[0] if options else None
    return options[0] if len(options) == 1 else None


def _of_step(sources: Sources, step: Step) -> dict[str, Any]:
    known = _KNOWN.get(step.code)
    return {} if known is None else known(sources)


def _register(sources: Sources) -> dict[str, Any]:
    centres = sources.centre_options
    only = centres[0].value if len(centres) == 1 else None
    return {"centre": only, "members_to_add": [{"role": MemberRole.HEAD}]}


def _house(sources: Sources) -> dict[str, Any]:
    planned = None if sources.case is None else sources.case.move_planned_on
    day = planned if planned is not None and planned <= sources.today else sources.today
    return {"housed_on": day, "moved": _unmoved(sources.members)}


def _close(sources: Sources) -> dict[str, Any]:
    done = sources.case is not None and sources.case.handover_state == HandoverState.COMPLETED
    outcome = HandoverOutcome.COMPLETED if done else HandoverOutcome.NOT_HELD
    return {"handover_outcome": outcome}


def _sign_off(sources: Sources) -> dict[str, Any]:
    moved = [each.housed_on for each in sources.members if each.housed_on]
    return {"booked_on": max([sources.today, *moved]), "signed_off": _signable(sources.members)}


def _offer(sources: Sources) -> dict[str, Any]:
    case, today = sources.case, sources.today
    living = [
        Member(MemberRole(each.role), each.birth_date) for each in sources.members if each.present
    ]
    return {
        "rooms": rooms_needed(living, today) if living else None,
        "housing_kind": HousingKind.REGULAR_HOME,
        "fits_expected": None if case is not None and case.expected_members else "true",
    }


def _outcome(sources: Sources) -> dict[str, Any]:
    moved = [each.housed_on for each in sources.members if each.housed_on]
    months = months_to_measure(min(moved), sources.today) if moved else None
    return {} if months is None else {"months_after": str(months)}


def _unmoved(members: list[MemberView]) -> list[str]:
    return [each.reference for each in members if each.present and each.housed_on is None]


def _signable(members: list[MemberView]) -> list[str]:
    return [
        each.reference
        for each in members
        if each.present and each.housed_on is not None and each.realised_on is None
    ]


def adults(members: list[MemberView], today: date) -> list[MemberView]:
    """Return the live adults."""
    return [each for each in members if each.present and is_adult(each.birth_date, today)]


_KNOWN: dict[str, Callable[[Sources], dict[str, Any]]] = {
    "register": _register,
    "add_member": lambda _sources: {"members_to_add": [{"role": MemberRole.CHILD}]},
    "offer_housing": _offer,
    "house": _house,
    "close": _close,
    "sign_off": _sign_off,
    "record_outcome": _outcome,
}
