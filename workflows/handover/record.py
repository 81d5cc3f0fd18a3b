"""The newest handover of a case as steps see it, and what they do to it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import Handover
from models.vocabulary import OPEN_HANDOVER, HandoverEnd, HandoverState, InterviewAbsence
from workflows.errors import Refused
from workflows.handover.moves import move

if TYPE_CHECKING:
    from workflows.situation import Situation

Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class HandoverRecord:
    """A handover without its snapshot; the fields are columns of `handover`."""

    id: int
    reference: str
    case_id: int
    sender_id: int
    target_id: int
    contact_id: int
    state: str
    linked_on: date
    open_actions: list[Row] = field(default_factory=list)
    preparation_absence: str | None = None
    legal_ground: str | None = None
    snapshot_hash: bytes | None = None
    offered_at: datetime | None = None
    due_on: date | None = None
    accepted_at: datetime | None = None
    interview_held: bool | None = None
    interview_on: date | None = None
    interview_form: str | None = None
    interview_absence: str | None = None


_WORDS = {
    HandoverState.DRAFT: "Deze overdracht is nog niet aangeboden.",
    HandoverState.OFFERED: "Deze overdracht is al aangeboden en wacht op de gemeente.",
    HandoverState.QUESTION: "De gemeente heeft een vraag gesteld. Beantwoord die eerst.",
    HandoverState.ANSWERED: "De vraag van de gemeente is al beantwoord.",
    HandoverState.ACCEPTED: "De gemeente heeft deze overdracht geaccepteerd.",
    HandoverState.COMPLETED: "Deze overdracht is al afgerond.",
    HandoverState.REJECTED: "De gemeente heeft deze overdracht afgewezen.",
    HandoverState.WITHDRAWN: "Deze overdracht is ingetrokken.",
    HandoverState.EXPIRED: "De termijn van deze overdracht is verlopen.",
}


def over(state: str) -> Refused:
    """Return the refusal that says where a handover stands, so that a step comes too late."""
    return Refused("handover_state", _WORDS[HandoverState(state)])


def current(situation: "Situation", step: str, reference: str | None) -> HandoverRecord:
    """Return the handover on which a step may act now.

    `reference` names it when the sender of the form saw it; raises `Refused` in words when there
    is none, when it is another one, or when it stands where the step cannot be taken.
    """
    found = situation.handover
    if found is None:
        raise Refused("no_handover", "Er is geen overdracht. Bereid eerst een overdracht voor.")
    if reference is not None and found.reference != reference:
        raise Refused("other_handover", "Er is intussen een nieuwe overdracht. Bekijk die eerst.")
    if move(step, found.state) is None:
        raise over(found.state)
    return found


def change(situation: "Situation", record: HandoverRecord, step: str, **values: Any) -> None:
    """Move a handover by a step and change its columns; the case and the event follow it."""
    state = move(step, record.state)
    if state is None:
        raise over(record.state)
    if state not in OPEN_HANDOVER:
        values["finished_at"] = situation.reference.recorded_at
    situation.update(Handover, record.id, state=state, **values)
    record.state = state
    situation.case.handover_state = state
    situation.facts["handover"] = record.reference
    situation.facts["handover_state"] = state


def withdraw(situation: "Situation", step: str, because: HandoverEnd) -> None:
    """Close a handover that is still open since the case no longer allows it; both are told.

    Raises `Refused` when an accepted handover stands in the way of the step.
    """
    found = situation.handover
    if found is None or found.state not in OPEN_HANDOVER:
        return
    if move(step, found.state) is None:
        raise Refused(
            "handover_accepted",
            "De gemeente heeft dit huishouden al overgenomen en rondt eerst de overdracht af.",
        )
    change(situation, found, step, reason=because)
    situation.tell(found.sender_id, "handover_ended")
    if found.offered_at is not None:
        situation.tell(found.target_id, "handover_ended")


def leave_unheld(situation: "Situation", step: str) -> None:
    """Complete an accepted handover whose interview was not held, because the case closes."""
    found = situation.handover
    if found is None:
        return
    change(situation, found, step, interview_held=False, interview_absence=InterviewAbsence.OTHER)
    situation.tell(found.target_id, "handover_completed")


def carry_over(situation: "Situation", fresh: "Situation") -> None:
    """Let members who are split off bring along the completed handover of their household.

    Without it the agency that registers the split would be responsible for them again.
    """
    found = situation.handover
    if found is None or found.state != HandoverState.COMPLETED:
        return
    made = fresh.new_id(Handover)
    reference = fresh.moment.new_reference()
    fresh.insert(
        Handover,
        id=made,
        reference=reference,
        case_id=fresh.case.id,
        origin_id=found.id,
        sender_id=found.sender_id,
        target_id=found.target_id,
        contact_id=found.contact_id,
        state=found.state,
        linked_on=found.linked_on,
        legal_ground=found.legal_ground,
        snapshot_hash=None if found.snapshot_hash is None else "\\x" + found.snapshot_hash.hex(),
        offered_at=found.offered_at,
        due_on=found.due_on,
        accepted_at=found.accepted_at,
        interview_held=found.interview_held,
        interview_on=found.interview_on,
        interview_form=found.interview_form,
        interview_absence=found.interview_absence,
        finished_at=fresh.reference.recorded_at,
    )
    fresh.case.handover_id = made
    fresh.case.handover_state = found.state
    fresh.facts["handover"] = reference
    fresh.facts["handover_state"] = found.state
