"""The open proposals of cases, as the step that links finds them under its locks."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from models import CaseEvent, Proposal
from models.vocabulary import ProposalStatus
from workflows.statement import Statement

# Steps that leave the household, its screening and its criteria as they are.
HARMLESS = ("assign", "add_document", "remove_document", "record_preparation", "record_stay")


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open proposal for a case; `fresh` when nothing that it rests on has changed since."""

    id: int
    reference: str
    municipality_code: str
    rank: int
    fresh: bool


def changed_since(proposal: Any) -> ColumnElement[bool]:
    """Tell whether what a proposal (the table or an alias) rests on has changed since."""
    event = aliased(CaseEvent)
    return (
        select(event.id)
        .where(
            event.case_id == proposal.case_id,
            event.version > proposal.case_version,
            event.step.not_in(HARMLESS),
        )
        .exists()
    )


_OPEN = Statement(
    select(
        Proposal.case_id,
        Proposal.id,
        Proposal.reference,
        Proposal.municipality_code,
        Proposal.rank,
        ~changed_since(Proposal),
    )
    .where(
        and_(
            Proposal.case_id == func.any(bindparam("cases")),
            Proposal.status == ProposalStatus.OPEN,
        )
    )
    .order_by(Proposal.case_id, Proposal.rank)
)


def load_proposals(connection: Connection, cases: Collection[int]) -> dict[int, list[Proposed]]:
    """Return the open proposals of cases, the first in rank first."""
    found: dict[int, list[Proposed]] = defaultdict(list)
    for case_id, *values in _OPEN.run(connection, {"cases": sorted(cases)}):
        found[case_id].append(Proposed(*values))
    return found
