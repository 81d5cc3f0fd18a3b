"""Runs of the matching as their officer sees them: the latest, the scenarios, and one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from models import MatchingRun
from models.vocabulary import RunKind, RunStatus
from workflows.actor import Actor
from workflows.errors import NotFound, Saying

_LATEST = 10
_MOST_SCENARIOS = 200
OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run: what was asked, how far it is in percent, and what came of it."""

    reference: str
    kind: str
    status: str
    name: str | None
    request: Mapping[str, Any]
    progress: int
    result: Mapping[str, Any] | None
    message: str | None
    message_values: dict[str, object]
    made_at: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in OPEN

    @property
    def failure(self) -> Saying | None:
        """Why it failed; None unless it did."""
        return None if self.message is None else Saying(self.message, self.message_values)


_RUN = select(
    MatchingRun.reference,
    MatchingRun.kind,
    MatchingRun.status,
    MatchingRun.name,
    MatchingRun.request,
    MatchingRun.progress,
    MatchingRun.result,
    MatchingRun.message,
    MatchingRun.message_values,
    MatchingRun.made_at,
    MatchingRun.finished_at,
).order_by(MatchingRun.id.desc())


def run_of(connection: Connection, actor: Actor, reference: str) -> RunView:
    """Return a run of the actor's own; raises `NotFound` for all others."""
    found = _rows(connection, actor, MatchingRun.reference == reference, 1)
    if not found:
        raise NotFound
    return found[0]


def latest(connection: Connection, actor: Actor) -> list[RunView]:
    """Return the actor's latest runs that made proposals, the newest first."""
    return _rows(connection, actor, MatchingRun.kind == RunKind.BATCH, _LATEST)


def scenarios(connection: Connection, actor: Actor) -> list[RunView]:
    """Return the what-ifs that the actor kept by name, the newest first."""
    return _rows(connection, actor, MatchingRun.name.is_not(None), _MOST_SCENARIOS)


def _rows(
    connection: Connection, actor: Actor, clause: ColumnElement[bool], most: int
) -> list[RunView]:
    mine = and_(MatchingRun.actor_id == actor.user_id, clause)
    rows = connection.execute(_RUN.where(mine).limit(most)).mappings()
    return [RunView(**row) for row in rows]
