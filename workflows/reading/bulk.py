"""How far work on many cases is, for the user who started it and for the worker."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from models import BulkRow, BulkRun, Case, Membership, Municipality, Person, Proposal
from models.bulk import BulkOutcome, BulkStatus
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Saying
from workflows.membership import leads
from workflows.own_run import own_run
from workflows.permissions import Permission

# A household is known to people by the name of its head.
HEAD_NAME = (
    select(Person.given_names + " " + Person.family_name)
    .join(Membership, Membership.person_id == Person.id)
    .where(leads())
    .correlate(Case)
    .scalar_subquery()
)
FINISHED = frozenset({BulkStatus.DONE, BulkStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: cases taken, refused, and waiting still."""

    status: BulkStatus
    taken: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        """The number of cases of the run."""
        return self.taken + self.refused + self.waiting

    @property
    def handled(self) -> int:
        """The number of cases of which the outcome is known."""
        return self.taken + self.refused

    @property
    def finished(self) -> bool:
        """Whether no worker has anything to do: the run is done or cancelled."""
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class RunRow:
    """A case of a run; name and household are None once the actor may no longer see the case.

    `place` is the municipality of the proposal that is followed, if that is what the run does.
    """

    reference: str
    name: str | None
    household_type: str | None
    persons: int | None
    outcome: BulkOutcome
    message: Saying | None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A run as its user sees it, with a row per case in the order of ticking."""

    reference: str
    step: str
    made_at: datetime
    finished_at: datetime | None
    progress: Progress
    rows: tuple[RunRow, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list of a user's own runs."""

    reference: str
    step: str
    made_at: datetime
    status: BulkStatus
    cases: int


def status(connection: Connection, actor: Actor, reference: str, today: date) -> RunStatus:
    """Return a run of the actor's own; raises `NotFound` for all others."""
    run = own_run(connection, BulkRun, actor, reference)
    rows = connection.execute(
        select(
            Case.reference,
            HEAD_NAME,
            Case.household_type,
            Case.persons,
            BulkRow.outcome,
            BulkRow.message,
            BulkRow.message_values,
            policy.visible(actor, Permission.VIEW_CASE, today),
            Municipality.name,
        )
        .join(Case, Case.id == BulkRow.case_id)
        .outerjoin(Proposal, Proposal.id == BulkRow.proposal_id)
        .outerjoin(Municipality, Municipality.code == Proposal.municipality_code)
        .where(BulkRow.run_id == run.id)
        .order_by(BulkRow.position)
    ).all()
    counted = Counter(row[4] for row in rows)
    return RunStatus(
        run.reference,
        run.step,
        run.made_at,
        run.finished_at,
        _progress(run.status, counted),
        _rows(rows),
    )


def _rows(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[RunRow, ...]:
    found = []
    for reference, name, kind, persons, outcome, message, values, visible, place in rows:
        said = None if message is None else Saying(message, values)
        row = RunRow(reference, name, kind, persons, BulkOutcome(outcome), said, place)
        if not visible:
            row = replace(row, name=None, household_type=None, persons=None, place=None)
        found.append(row)
    return tuple(found)


def progress_of(connection: Connection, run_id: int) -> Progress:
    """Return how far a run is."""
    rows = connection.execute(
        select(BulkRun.status, BulkRow.outcome, func.count())
        .join(BulkRow, BulkRow.run_id == BulkRun.id)
        .where(BulkRun.id == run_id)
        .group_by(BulkRun.status, BulkRow.outcome)
    ).all()
    return _progress(rows[0][0], Counter({row[1]: row[2] for row in rows}))


def recent(connection: Connection, actor: Actor, most: int = 10) -> list[RunLine]:
    """Return the actor's latest runs, the newest first."""
    rows = connection.execute(
        select(
            BulkRun.reference,
            BulkRun.step,
            BulkRun.made_at,
            BulkRun.status,
            select(func.count()).where(BulkRow.run_id == BulkRun.id).scalar_subquery(),
        )
        .where(BulkRun.actor_id == actor.user_id)
        .order_by(BulkRun.id.desc())
        .limit(most)
    )
    return [RunLine(row[0], row[1], row[2], BulkStatus(row[3]), row[4]) for row in rows]


def _progress(stored: str, counted: Counter[str]) -> Progress:
    return Progress(
        BulkStatus(stored),
        counted[BulkOutcome.TAKEN],
        counted[BulkOutcome.REFUSED],
        counted[BulkOutcome.WAITING],
    )
