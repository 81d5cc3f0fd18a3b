"""What happened to a case or a person: every event, as far as the actor may see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from models import CaseEvent, EventDetail, Organisation, User
from workflows.payload import Audience
from workflows.reading.case import CaseView
from workflows.reading.sharing import sees
from workflows.steps import BY_CODE

MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a step recorded: its new value and the one it had from the same step before."""

    name: str
    new: Any
    old: Any = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One event; values are as the payload recorded them."""

    step: str
    version: int
    at: datetime
    actor: str
    organisation: str
    from_state: str | None
    to_state: str
    person_id: int | None
    facts: dict[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


def events_of(connection: Connection, case: CaseView, *, after_version: int = 0) -> list[Happening]:
    """Return the events of a case, the newest first; at most the last 200."""
    since = after_version
    if case.audience is not Audience.AGENCY:
        since = max(since, _link_version(connection, case) - 1)
    rows = connection.execute(
        select(
            CaseEvent.step,
            CaseEvent.version,
            CaseEvent.recorded_at,
            User.name,
            Organisation.name,
            CaseEvent.from_state,
            CaseEvent.to_state,
            CaseEvent.person_id,
            CaseEvent.organisation_id,
            CaseEvent.facts,
            EventDetail.payload,
        )
        .join(User, User.id == CaseEvent.actor_id)
        .join(Organisation, Organisation.id == CaseEvent.organisation_id)
        .outerjoin(EventDetail, EventDetail.event_id == CaseEvent.id)
        .where(CaseEvent.case_id == case.id, CaseEvent.version > since)
        .order_by(CaseEvent.version.desc())
        .limit(MOST)
    ).all()
    known: dict[tuple[str, int | None, str], Any] = {}
    found = []
    for row in reversed(rows):
        values = {**(row[9] or {}), **(row[10] or {})}
        own = row[8] == case.municipality_organisation_id
        changes = _changes(row[0], row[7], values, known, case.audience, own=own)
        facts = row[9] if case.audience is Audience.AGENCY else {}
        found.append(Happening(*row[:8], facts=facts, changes=changes))
    return list(reversed(found))


def _link_version(connection: Connection, case: CaseView) -> int:
    """Return the event by which the present municipality came into sight of the case."""
    version = connection.scalar(
        select(func.max(CaseEvent.version)).where(
            CaseEvent.case_id == case.id,
            CaseEvent.facts["municipality"].astext == case.municipality_code,
            or_(
                CaseEvent.step.in_(["link", "split_household", "merge_household"]),
                CaseEvent.facts["self_housed_in"].astext == case.municipality_code,
                CaseEvent.version == 1,
            ),
        )
    )
    return int(version or case.version)


def _changes(
    step: str,
    person_id: int | None,
    values: dict[str, Any],
    known: dict[tuple[str, int | None, str], Any],
    audience: Audience,
    *,
    own: bool,
) -> tuple[Change, ...]:
    declared = BY_CODE[step].payload
    found = []
    for name in declared.model_fields:
        if name not in values or not (own or sees(audience, declared, name)):
            continue
        before = known.get((step, person_id, name))
        new = values[name]
        found.append(Change(name, new, before if before != new else None))
        known[step, person_id, name] = new
    return tuple(found)
