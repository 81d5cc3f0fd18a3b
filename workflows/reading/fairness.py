"""Reports on fairness and balance of runs, for who decides on links and who answers for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from models import MatchingRun
from models.vocabulary import RunKind, RunStatus
from workflows import policy
from workflows.actor import Actor
from workflows.one_row import one_row
from workflows.permissions import Permission

NEWEST = 50


@dataclass(frozen=True, slots=True)
class RunReport:
    """A finished run with what it says of itself; a what-if only for who made it."""

    reference: str
    kind: str
    name: str | None
    finished_at: datetime
    result: dict[str, Any]


def reports(connection: Connection, actor: Actor) -> list[RunReport]:
    """Return the newest runs with a report; raises `NotFound` without the right."""
    policy.demand(actor, Permission.VIEW_FAIRNESS)
    rows = connection.execute(
        _readable(actor).order_by(MatchingRun.finished_at.desc()).limit(NEWEST)
    )
    return [RunReport(*row) for row in rows]


def report(connection: Connection, actor: Actor, reference: str) -> RunReport:
    """Return the report of a run; raises `NotFound` without the right or for another's what-if."""
    policy.demand(actor, Permission.VIEW_FAIRNESS)
    found = one_row(connection, _readable(actor).where(MatchingRun.reference == reference))
    return RunReport(*found)


def _readable(actor: Actor) -> Any:
    return select(
        MatchingRun.reference,
        MatchingRun.kind,
        MatchingRun.name,
        MatchingRun.finished_at,
        MatchingRun.result,
    ).where(
        and_(
            MatchingRun.status == RunStatus.DONE,
            MatchingRun.result.has_key("fairness"),
            or_(MatchingRun.kind == RunKind.BATCH, MatchingRun.actor_id == actor.user_id),
        )
    )
