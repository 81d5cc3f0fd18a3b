"""The open proposals of cases, as the step that links finds them under its locks."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, select

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


_OPEN = Statement(
    select(
        Proposal.case_id,
        Proposal.id,
        Proposal.reference,
        Proposal.municipality_code,
        Proposal.rank,
        ~select(CaseEvent.id)
        .where(
            CaseEvent.case_id == Proposal.case_id,
            CaseEvent.version > Proposal.case_version,
            CaseEvent.step.not_in(HARMLESS),
        )
        .exists(),
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
