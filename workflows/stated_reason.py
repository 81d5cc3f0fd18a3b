"""Sight of a case outside one's own reach, for a stated reason and a limited time."""

from datetime import timedelta

from sqlalchemy import Connection, insert

from models import CaseAccess
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.reading.search import CaseName
from workflows.trail import now, record_audit, record_read

LASTS = timedelta(days=7)
SHORTEST, LONGEST = 5, 500


def state_reason(
    connection: Connection, actor: Actor, case: CaseName, reason: str, moment: Moment
) -> None:
    """Give the actor sight of a case for a week, and log why; raises `NotFound` or `Refused`."""
    policy.demand(actor, Permission.STATE_REASON)
    stated = reason.strip()
    if not SHORTEST <= len(stated) <= LONGEST or "\x00" in stated or "\ufffd" in stated:
        raise Refused(
            "reason", "Leg in 5 tot 500 tekens uit waarom u dit dossier moet zien.", "reason"
        )
    connection.execute(
        insert(CaseAccess).values(
            user_id=actor.user_id,
            case_id=case.id,
            reason=stated,
            granted_at=now(connection, moment),
            until=moment.today + LASTS,
        )
    )
    record_audit(connection, moment, actor.user_id, "reason_stated", subject=case.reference)
    record_read(connection, moment, actor.user_id, "stated_reason", case_id=case.id)
