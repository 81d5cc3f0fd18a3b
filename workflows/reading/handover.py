"""Handovers as an actor may see them: the trail, and the minimal preview before acceptance."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from models import Case, CaseEvent, EventDetail, Handover, Organisation, User
from models.vocabulary import PENDING_HANDOVER, HandoverOutcome
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.reading.case import CaseView
from workflows.reading.sharing import sees
from workflows.steps.close import Close


@dataclass(slots=True, kw_only=True)
class HandoverView:
    """A handover with the names around it, and which parts of it the actor may see.

    It holds the trail and the minimal preview only; thread and snapshot are asked for apart.
    """

    id: int
    reference: str
    case_id: int
    case_reference: str
    case_version: int
    centre_id: int | None
    region_id: int
    sender_id: int
    target_id: int
    sender_name: str
    target_name: str
    contact_name: str
    stage: str
    newest: bool
    origin_id: int | None
    persons: int
    household_type: str
    linked_on: date
    actions: int
    legal_ground: str | None
    override_reason: str | None
    snapshot_hash: bytes | None
    erased: bool
    offered_at: datetime | None
    due_on: date | None
    accepted_at: datetime | None
    finished_at: datetime | None
    reason: str | None
    explanation: str | None
    interview_planned_on: date | None
    interview_form: str | None
    interview_language: str | None
    interpreter: bool | None
    interview_held: bool | None
    interview_on: date | None
    interview_absence: str | None
    sees_snapshot: bool = False
    sees_thread: bool = False

    @property
    def offered(self) -> bool:
        """Whether it was ever sent."""
        return self.offered_at is not None

    @property
    def pending(self) -> bool:
        """Whether the receiver may still accept or reject it."""
        return self.stage in PENDING_HANDOVER

    @property
    def hash_words(self) -> str | None:
        """The snapshot's SHA-256 in hexadecimal digits."""
        return None if self.snapshot_hash is None else bytes(self.snapshot_hash).hex()


_SENDER, _TARGET = aliased(Organisation), aliased(Organisation)
_OWN = [each.name for each in fields(HandoverView) if each.name in Handover.__table__.c]


def _handovers() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *[getattr(Handover, name) for name in _OWN],
            Handover.state.label("stage"),
            # What a split household brought along lies with the handover it came from.
            and_(Handover.snapshot.is_(None), Handover.origin_id.is_(None)).label("erased"),
            (Case.handover_id == Handover.id).is_(True).label("newest"),
            func.jsonb_array_length(Handover.open_actions).label("actions"),
            Case.reference.label("case_reference"),
            Case.version.label("case_version"),
            Case.centre_id,
            Case.region_id,
            Case.persons,
            Case.household_type,
            _SENDER.name.label("sender_name"),
            _TARGET.name.label("target_name"),
            User.name.label("contact_name"),
        )
        .join(Case, Case.id == Handover.case_id)
        .join(_SENDER, _SENDER.id == Handover.sender_id)
        .join(_TARGET, _TARGET.id == Handover.target_id)
        .join(User, User.id == Handover.contact_id)
        .order_by(Handover.id.desc())
    )


def _found(
    connection: Connection, actor: Actor, today: date, statement: Select[*tuple[Any, ...]]
) -> list[HandoverView]:
    visible = policy.visible(actor, Permission.VIEW_HANDOVER, today)
    rows = connection.execute(statement.where(visible)).mappings()
    found = [HandoverView(**row) for row in rows]
    for each in found:
        each.sees_snapshot = each.offered and policy.allows(
            actor, Permission.VIEW_SNAPSHOT, each, today
        )
        each.sees_thread = policy.allows(actor, Permission.VIEW_HANDOVER_THREAD, each, today)
    return found


def find_handover(
    connection: Connection, actor: Actor, reference: str, today: date
) -> HandoverView:
    """Return a handover of which the actor may see the trail; raises `NotFound` otherwise."""
    found = _found(connection, actor, today, _handovers().where(Handover.reference == reference))
    if not found:
        raise NotFound
    return found[0]


def handovers_of(
    connection: Connection, actor: Actor, case_id: int, today: date
) -> list[HandoverView]:
    """Return the handovers of a case that the actor may see, the newest first."""
    return _found(connection, actor, today, _handovers().where(Handover.case_id == case_id))


def pending_handovers(connection: Connection, actor: Actor, today: date) -> list[HandoverView]:
    """Return what waits for the actor's answer, the most urgent first."""
    statement = (
        _handovers()
        .order_by(None)
        .order_by(Handover.due_on, Handover.id)
        .where(
            Handover.state.in_(PENDING_HANDOVER),
            policy.visible(actor, Permission.ACCEPT_HANDOVER, today),
        )
    )
    return _found(connection, actor, today, statement)


def last_handover(connection: Connection, actor: Actor, case: str, today: date) -> HandoverView:
    """Return the newest handover of a case that the actor may see; raises `NotFound`.

    For an officer whose case went out of sight while its handover was on the screen.
    """
    found = _found(connection, actor, today, _handovers().where(Case.reference == case))
    if not found:
        raise NotFound
    return found[0]


def why_unheld(connection: Connection, case: CaseView) -> str | None:
    """Return why no handover was held, as it was written when the case closed.

    None where the audience may not read it, where nothing was written and once it is erased.
    """
    if case.handover_outcome != HandoverOutcome.NOT_HELD or not sees(
        case.audience, Close, "reason"
    ):
        return None
    return connection.scalar(
        select(EventDetail.payload["reason"].astext)
        .join(CaseEvent, CaseEvent.id == EventDetail.event_id)
        .where(CaseEvent.case_id == case.id, CaseEvent.step == "close")
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )


def draft_of(connection: Connection, handover_id: int | None) -> str | None:
    """Return why preparation is missing, as the sender wrote it in its newest handover."""
    if handover_id is None:
        return None
    return connection.scalar(select(Handover.preparation_absence).where(Handover.id == handover_id))
