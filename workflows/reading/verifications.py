"""Runs of the integrity check, for who may ask for one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models import User, Verification
from workflows import policy
from workflows.actor import Actor
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.verification import OPEN

PAGE = 50


@dataclass(frozen=True, slots=True)
class VerificationView:
    """A run; `asked_by` is the name of a person, None for the program."""

    reference: str
    status: str
    asked_by: str | None
    asked_at: datetime
    finished_at: datetime | None
    progress: int
    counts: dict[str, int]
    differences: list[dict[str, str]]

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in OPEN

    @property
    def total(self) -> int:
        """The number of differences, also of those that were not kept one by one."""
        return sum(self.counts.values())


_COLUMNS = (
    Verification.reference,
    Verification.status,
    User.name,
    Verification.asked_at,
    Verification.finished_at,
    Verification.progress,
    Verification.counts,
)
_JOINED = User.id == Verification.asked_by


def verifications(
    connection: Connection, actor: Actor, after: str | None = None
) -> list[VerificationView]:
    """Return a page of runs without their differences, the newest first; one more than a page.

    Raises `NotFound` without the right to verify.
    """
    policy.demand(actor, Permission.VERIFY)
    statement = select(*_COLUMNS).outerjoin(User, _JOINED).order_by(Verification.id.desc())
    if after:
        position = select(Verification.id).where(Verification.reference == after)
        statement = statement.where(Verification.id < position.scalar_subquery())
    rows = connection.execute(statement.limit(PAGE + 1))
    return [VerificationView(*row, differences=[]) for row in rows]


def verification(connection: Connection, actor: Actor, reference: str) -> VerificationView:
    """Return a run with the differences that were kept; raises `NotFound`."""
    policy.demand(actor, Permission.VERIFY)
    statement = select(*_COLUMNS, Verification.differences).outerjoin(User, _JOINED)
    return VerificationView(
        *one_row(connection, statement.where(Verification.reference == reference))
    )
