"""Links on a proposal as an address gives them, so that every figure opens its list."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from models.vocabulary import DepartureReason
from workflows.reading.decided import Decided, LaterLife, LinkOutcome

_MUNICIPALITY = re.compile("GM[0-9]{4}")
_KEY = re.compile("[1-9][0-9]{0,8}")
_KINDS = {"besloten": None, "gevolgd": False, "afgeweken": True}


def decided_arguments(decided: Decided | None) -> dict[str, Any]:
    """Return a selection as the arguments of an address."""
    if decided is None:
        return {}
    [kind] = [name for name, departed in _KINDS.items() if departed is decided.departed]
    return {
        "voorstel": kind,
        "reden": ",".join(decided.reasons),
        "voorgesteld": ",".join(decided.municipalities),
        "besloten_door": ",".join(map(str, decided.organisations)),
        "besloten_week": decided.week,
        "afloop": decided.outcome,
        "later": decided.later,
    }


def decided_of(given: Mapping[str, str]) -> Decided | None:
    """Return the selection of an address; ValueError for what no figure gives."""
    kind = given.get("voorstel", "")
    if not kind:
        return None
    if kind not in _KINDS:
        raise ValueError(kind)
    week, outcome, later = (given.get(each, "") for each in ("besloten_week", "afloop", "later"))
    return Decided(
        departed=_KINDS[kind],
        reasons=tuple(DepartureReason(code) for code in _list(given, "reden")),
        municipalities=_list(given, "voorgesteld", _MUNICIPALITY),
        organisations=tuple(int(key) for key in _list(given, "besloten_door", _KEY)),
        week=_monday(week) if week else None,
        outcome=LinkOutcome(outcome) if outcome else None,
        later=LaterLife(later) if later else None,
    )


def _list(
    given: Mapping[str, str], name: str, form: re.Pattern[str] | None = None
) -> tuple[str, ...]:
    found = tuple(filter(None, given.get(name, "").split(",")))
    if form is not None and not all(map(form.fullmatch, found)):
        raise ValueError(name)
    return found


def _monday(text: str) -> date:
    day = date.fromisoformat(text)
    if day.weekday() or not 1900 <= day.year <= 2200:  # noqa: PLR2004 - years of any calendar here
        raise ValueError(text)
    return day
