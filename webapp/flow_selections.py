"""Selections of households as an address gives them, so that every figure opens its list."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import url_for

from models.vocabulary import (
    CaseState,
    HandoverOutcome,
    HouseholdType,
    InterviewAbsence,
    WaitingParty,
)
from webapp.decided_selections import decided_arguments, decided_of
from workflows.reading.flow_list import Selection
from workflows.reading.handing import Absence, Handed, NoInterview

FIRST_YEAR, LAST_YEAR = 1900, 2200
LAST_KEY = 2**31 - 1
MUNICIPALITY = re.compile("GM[0-9]{4}")


def arguments(selection: Selection) -> dict[str, Any]:
    """Return a selection as the arguments of an address."""
    given: dict[str, Any] = {
        "stand": ",".join(selection.states),
        "huishouden": ",".join(selection.household_types),
        "partij": selection.party,
        "langer": selection.longer_than,
        "opvang": "1" if selection.reception else None,
        "vergunning_voor": selection.permit_before,
        "ingestroomd": selection.registered_week,
        "gehuisvest": selection.housed_week,
        "beeindigd": selection.ended_week,
        "verlaten": selection.left,
        **_handed_arguments(selection.handed),
        **decided_arguments(selection.decided),
    }
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in given.items()
        if value not in {None, ""}
    }


def selection_of(given: Mapping[str, str]) -> Selection:
    """Return the selection of an address; ValueError for what no figure gives."""

    def read(name: str, kind: Callable[[str], Any]) -> Any:
        text = given.get(name, "")
        return kind(text) if text else None

    return Selection(
        states=tuple(CaseState(code) for code in given.get("stand", "").split(",") if code),
        household_types=tuple(
            HouseholdType(code) for code in given.get("huishouden", "").split(",") if code
        ),
        party=read("partij", WaitingParty),
        longer_than=read("langer", _days),
        reception=given.get("opvang") == "1",
        permit_before=read("vergunning_voor", _day),
        registered_week=read("ingestroomd", _day),
        housed_week=read("gehuisvest", _day),
        ended_week=read("beeindigd", _day),
        left=read("verlaten", CaseState),
        handed=_handed_of(given),
        decided=decided_of(given),
    )


def _handed_arguments(handed: Handed | None) -> dict[str, Any]:
    if handed is None:
        return {}
    return {
        "overdracht": handed.absence or handed.outcome or "closed",
        "gemeente": ",".join(handed.municipalities),
        "van": ",".join(map(str, handed.senders)),
        "gesprek_na": handed.slower_than,
    }


def _handed_of(given: Mapping[str, str]) -> Handed | None:
    kind = given.get("overdracht", "")
    if not kind:
        return None
    municipalities = tuple(filter(None, given.get("gemeente", "").split(",")))
    if not all(map(MUNICIPALITY.fullmatch, municipalities)):
        raise ValueError(municipalities)
    slower = given.get("gesprek_na", "")
    return Handed(
        municipalities=municipalities,
        senders=tuple(_key(text) for text in given.get("van", "").split(",") if text),
        outcome=HandoverOutcome(kind) if kind in set(HandoverOutcome) else None,
        absence=None if kind in {"closed", *HandoverOutcome} else _absence(kind),
        slower_than=_days(slower) if slower else None,
    )


def _absence(code: str) -> Absence:
    if code == NoInterview.NO_HANDOVER:
        return NoInterview.NO_HANDOVER
    return InterviewAbsence(code)


def _key(text: str) -> int:
    key = int(text)
    if not 0 < key <= LAST_KEY:
        raise ValueError(text)
    return key


def list_url(selection: Selection) -> str:
    """Return the address of the list behind a figure."""
    return url_for("flow_list.households", **arguments(selection))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return day


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 100_000:  # noqa: PLR2004 - more days than any calendar here
        raise ValueError(text)
    return days
