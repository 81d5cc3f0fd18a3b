"""Runs of the integrity check: one at a time, asked by a person or by the program at night."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from models import Verification
from models.vocabulary import RunStatus
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.difference import Difference
from workflows.trail import now, record_audit

OPEN = (RunStatus.WAITING, RunStatus.RUNNING)
MOST_KEPT = 1000
# The clock of another machine may ring for the same night.
_A_NIGHT = timedelta(hours=12)


@dataclass(slots=True)
class Tally:
    """What a run found: the number by kind, and the first thousand differences themselves."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[dict[str, str]] = field(default_factory=list)

    def add(self, difference: Difference) -> None:
        """Take a difference up."""
        self.counts[difference.kind] += 1
        if len(self.differences) < MOST_KEPT:
            self.differences.append(asdict(difference))


def ask_verification(connection: Connection, actor: Actor, moment: Moment) -> str:
    """Store a run, or find the one that is not over yet, and return its reference.

    Raises `NotFound` without the right to verify. The caller commits and rings.
    """
    policy.demand(actor, Permission.VERIFY)
    reference = _open_run(connection, actor.user_id, moment)
    record_audit(connection, moment, actor.user_id, "verification_begun", subject=reference)
    return reference


def ask_nightly(connection: Connection, moment: Moment) -> str | None:
    """Do the same for the program; None when it did so in the last twelve hours."""
    since = now(connection, moment) - _A_NIGHT
    lately = select(Verification.id).where(
        Verification.asked_by.is_(None), Verification.asked_at > since
    )
    if connection.scalar(lately.limit(1)) is not None:
        return None
    return _open_run(connection, None, moment)


def _open_run(connection: Connection, asked_by: int | None, moment: Moment) -> str:
    at = now(connection, moment)
    connection.execute(
        insert(Verification)
        .values(
            reference=moment.new_reference(),
            status=RunStatus.WAITING,
            asked_by=asked_by,
            asked_at=at,
            seen_at=at,
            progress=0,
            counts={},
            differences=[],
        )
        .on_conflict_do_nothing()
    )
    return connection.scalars(
        select(Verification.reference).where(Verification.status.in_(OPEN))
    ).one()


def touch(connection: Connection, reference: str, percent: int, moment: Moment) -> bool:
    """Note how far a run is; tells whether it is not over yet."""
    changed = connection.execute(
        update(Verification)
        .where(Verification.reference == reference, Verification.status.in_(OPEN))
        .values(progress=percent, status=RunStatus.RUNNING, seen_at=now(connection, moment))
        .returning(Verification.id)
    )
    return changed.one_or_none() is not None


def finish(connection: Connection, reference: str, found: Tally, moment: Moment) -> None:
    """Keep what a run found, and write it into the trail; one that is over is left as it is."""
    asked_by = _end(connection, reference, RunStatus.DONE, moment, found)
    if asked_by is None:
        return
    record_audit(
        connection,
        moment,
        asked_by[0],
        "verify",
        subject="different" if found.counts else "clean",
        fields=tuple(f"{kind}={count}" for kind, count in sorted(found.counts.items())),
    )


def fail(connection: Connection, reference: str, moment: Moment) -> None:
    """Note that a run broke off: it says nothing of what is stored."""
    _end(connection, reference, RunStatus.FAILED, moment, Tally())


def _end(
    connection: Connection, reference: str, status: RunStatus, moment: Moment, found: Tally
) -> tuple[int | None] | None:
    """Return in a tuple who asked for the run that ends; None when it was over."""
    at = now(connection, moment)
    row = connection.execute(
        update(Verification)
        .where(Verification.reference == reference, Verification.status.in_(OPEN))
        .values(
            status=status,
            finished_at=at,
            seen_at=at,
            progress=100,
            counts=dict(found.counts),
            differences=found.differences,
        )
        .returning(Verification.asked_by)
    ).one_or_none()
    return None if row is None else (row.asked_by,)


def standing_still(connection: Connection, moment: Moment, quiet: timedelta) -> str | None:
    """Return the run that is not over and gave no sign of life for so long, if there is one."""
    found: str | None = connection.scalar(
        select(Verification.reference).where(
            Verification.status.in_(OPEN), Verification.seen_at < now(connection, moment) - quiet
        )
    )
    return found
