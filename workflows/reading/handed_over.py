"""What a handover handed over: its snapshot, its thread and its interview."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from models import CaseEvent, EventDetail, Handover, Organisation, Task, User
from workflows.errors import NotFound
from workflows.handover.contents import Difference, differences, load_contents
from workflows.reading.handover import HandoverView

Json = dict[str, Any]


def snapshot_of(connection: Connection, view: HandoverView) -> Json:
    """Return what was handed over; raises `NotFound` when it is not the actor's to see, or gone."""
    if not view.sees_snapshot:
        raise NotFound
    # What a household that was split off brings along lies with the handover it came from.
    key = view.origin_id or view.id
    found: Json | None = connection.scalar(select(Handover.snapshot).where(Handover.id == key))
    if found is None:
        raise NotFound
    return found


def changes_since(connection: Connection, view: HandoverView) -> list[Difference]:
    """Return what is otherwise now than in the snapshot; raises as `snapshot_of` does."""
    snapshot = snapshot_of(connection, view)
    return differences(snapshot, load_contents(connection, [view.case_id])[view.case_id])


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer; `words` is None once they were erased."""

    asks: bool
    author: str
    organisation: str
    at: datetime
    words: str | None


def thread_of(connection: Connection, view: HandoverView) -> list[Message]:
    """Return questions and answers, the first first; raises `NotFound` out of sight."""
    if not view.sees_thread:
        raise NotFound
    rows = connection.execute(
        select(
            CaseEvent.step,
            User.name,
            Organisation.name,
            CaseEvent.recorded_at,
            EventDetail.payload,
        )
        .join(User, User.id == CaseEvent.actor_id)
        .join(Organisation, Organisation.id == CaseEvent.organisation_id)
        .outerjoin(EventDetail, EventDetail.event_id == CaseEvent.id)
        .where(
            CaseEvent.case_id == view.case_id,
            CaseEvent.step.in_(["ask_about_handover", "answer_about_handover"]),
            CaseEvent.facts["handover"].astext == view.reference,
        )
        .order_by(CaseEvent.version)
    )
    return [_message(row) for row in rows]


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    said: dict[str, Any] = row[4] or {}
    asks = row[0] == "ask_about_handover"
    return Message(asks, row[1], row[2], row[3], said.get("question" if asks else "answer"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agreed to do."""

    description: str | None
    party: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Interview:
    """Who took part in the three-way interview and what was agreed."""

    participants: list[Json] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)


def interview_of(connection: Connection, view: HandoverView) -> Interview:
    """Return the interview; raises `NotFound` when it is not the actor's to see."""
    if not view.sees_snapshot:
        raise NotFound
    participants = connection.scalar(select(Handover.participants).where(Handover.id == view.id))
    rows = connection.execute(
        select(Task.description, Task.party, Task.due_on, Task.done_on)
        .where(Task.handover_id == view.id)
        .order_by(Task.due_on, Task.id)
    )
    agreements = [Agreement(row[0], row[1] or "", row[2], row[3]) for row in rows]
    return Interview(participants or [], agreements)
