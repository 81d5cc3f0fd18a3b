"""The road home of one case as a stepper shows it: what is done, what is due, what is late."""

import datetime as dt
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, ngettext

from models.vocabulary import CaseState
from webapp.labels import label
from workflows.reading.case import CaseView
from workflows.rules.deadlines import CaseDueDates

ROAD = (
    CaseState.REGISTERED,
    CaseState.SCREENED,
    CaseState.LINKED,
    CaseState.PREPARING,
    CaseState.OFFERED,
    CaseState.MOVING,
    CaseState.HOUSED,
    CaseState.CLOSED,
)
# A refused offer stands where the offer stands.
_PLACE = {CaseState.REFUSED: CaseState.OFFERED}


@dataclass(frozen=True, slots=True)
class Stage:
    """One state on the road."""

    label: str
    status: str
    date: dt.date | None
    due: dt.date | None
    note: str | None


def stages(
    case: CaseView, dues: CaseDueDates, reached: dict[str, datetime], today: date
) -> list[Stage]:
    """Return the stages of a case."""
    state = CaseState(case.state)
    here = ROAD.index(_PLACE.get(state, state)) if state is not CaseState.ENDED else -1
    due_of = {
        CaseState.SCREENED: dues.screening,
        CaseState.LINKED: dues.link,
        CaseState.MOVING: dues.lease,
        CaseState.HOUSED: dues.move,
    }
    day_of = {
        CaseState.REGISTERED: case.registered_on,
        CaseState.SCREENED: case.screened_on,
        CaseState.LINKED: case.linked_on,
        CaseState.HOUSED: case.housed_on,
        CaseState.CLOSED: case.finished_on if state is CaseState.CLOSED else None,
    }
    found = []
    for place, each in enumerate(ROAD):
        entered = reached.get(each)
        day = day_of.get(each) or (entered.date() if entered and place <= here else None)
        found.append(_stage(each, place - here, day if place <= here else None, due_of, today))
    if state is CaseState.ENDED:
        return [_ended(stage, reached, each) for stage, each in zip(found, ROAD, strict=True)]
    return found


def _stage(
    state: CaseState,
    distance: int,
    day: date | None,
    due_of: dict[CaseState, date],
    today: date,
) -> Stage:
    due = due_of.get(state)
    if distance <= 0:
        status = "done" if distance < 0 or state is CaseState.CLOSED else "current"
        late = (day - due).days if day and due else 0
        note = (
            ngettext("%(num)s dag na de norm", "%(num)s dagen na de norm", late)
            if late > 0
            else None
        )
        return Stage(label(state), status, day, None, note)
    overdue = (today - due).days if due else 0
    note = (
        ngettext("%(num)s dag te laat", "%(num)s dagen te laat", overdue) if overdue > 0 else None
    )
    return Stage(label(state), "next", None, due, note)


def _ended(stage: Stage, reached: dict[str, datetime], state: CaseState) -> Stage:
    entered = reached.get(state)
    if entered is None:
        return Stage(stage.label, "skipped", None, None, None)
    return Stage(stage.label, "done", entered.date(), None, None)


def waiting_sentence(case: CaseView) -> str | None:
    """Return who is to act now, in words; None when the case is finished."""
    if case.waiting_party is None:
        return None
    who = {
        "centre": case.centre_name,
        "region": case.region_name,
        "municipality": gettext("gemeente %(name)s", name=case.municipality_name or ""),
    }[case.waiting_party]
    return str(gettext("Nu is %(who)s aan zet.", who=who or ""))
