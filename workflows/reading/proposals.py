"""A proposal with the explanation that was valid then, its alternatives and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, null, select
from sqlalchemy.orm import aliased

from models import CaseEvent, EventDetail, MatchingRun, Proposal, User
from models.vocabulary import ProposalStatus
from workflows.matching.proposed import changed_since


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """The first proposal of a run for a case.

    `explanation` is that of `workflows.matching.explain`, `result` what its run says of itself.
    `fresh` tells whether nothing that it rests on has changed since. Once decided, `chosen_code`
    is where the household was linked, by whom and when.
    """

    reference: str
    municipality_code: str
    explanation: Mapping[str, Any]
    result: Mapping[str, Any]
    made_at: datetime
    departure: str | None
    fresh: bool
    chosen_code: str | None
    decided_by: str | None
    decided_at: datetime | None


def open_proposal(connection: Connection, case_id: int) -> ProposalView | None:
    """Return the proposal that waits for a decision, if there is one."""
    nobody = (null(), null(), null())
    statement = _of(case_id, *nobody).where(Proposal.status == ProposalStatus.OPEN)
    return _one(connection, statement)


def decided_proposal(connection: Connection, case_id: int) -> ProposalView | None:
    """Return the proposal behind the newest link of a case; None when that had none."""
    link = aliased(CaseEvent)
    newest = (
        select(link.id)
        .where(link.case_id == case_id, link.step == "link")
        .order_by(link.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        _of(case_id, CaseEvent.facts["municipality"].astext, User.name, CaseEvent.recorded_at)
        .join(CaseEvent, CaseEvent.id == newest)
        .join(User, User.id == CaseEvent.actor_id)
        .where(CaseEvent.facts["proposal"].astext == Proposal.reference)
    )
    return _one(connection, statement)


def _of(case_id: int, chosen: Any, who: Any, at: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Proposal.reference,
            Proposal.municipality_code,
            Proposal.explanation,
            MatchingRun.result,
            Proposal.made_at,
            Proposal.departure,
            (~changed_since(Proposal)).label("fresh"),
            chosen.label("chosen_code"),
            who.label("decided_by"),
            at.label("decided_at"),
        )
        .select_from(Proposal)
        .join(MatchingRun, MatchingRun.id == Proposal.run_id)
        .where(Proposal.case_id == case_id, Proposal.rank == 1)
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def _one(connection: Connection, statement: Select[*tuple[Any, ...]]) -> ProposalView | None:
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else ProposalView(**row)


def criteria_with_evidence(connection: Connection, case_id: int) -> Sequence[Mapping[str, Any]]:
    """Return the hard criteria of a case as the screening ended; none once these were erased.

    Evidence is personal and lies with the event alone. For the agency's own eyes.
    """
    held: Sequence[Mapping[str, Any]] | None = connection.scalar(
        select(EventDetail.payload["hard_criteria"])
        .join(CaseEvent, CaseEvent.id == EventDetail.event_id)
        .where(CaseEvent.case_id == case_id, CaseEvent.step == "complete_screening")
        .order_by(CaseEvent.version.desc())
        .limit(1)
    )
    return held or ()
