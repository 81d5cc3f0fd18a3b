"""Follows the proposals of many households at once: first to look, then to link."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models import Case, Municipality, Proposal
from models.vocabulary import ProposalStatus
from workflows import policy
from workflows.actor import Actor
from workflows.engine import take_many
from workflows.errors import Refused, WorkflowError
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.reading.to_link import ToLink, rows_of
from workflows.request import Outcome, Request
from workflows.steps.link import STEP

NO_PROPOSAL = Refused("no_proposal", "Voor dit huishouden is geen voorstel dat nog klopt.")
REPLACED = Refused("replaced", "Dit voorstel geldt niet meer. Bekijk het nieuwe voorstel.")


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as the officer saw it: the case, its version then, and the proposal."""

    case: str
    version: int
    proposal: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What became, or would become, of following a proposal; `refusal` None when it can be."""

    case: ToLink
    municipality: str | None
    refusal: WorkflowError | None


def preview(
    connection: Connection, actor: Actor, keys: Sequence[int], moment: Moment
) -> list[Followed]:
    """Return what following the proposals of these cases would do, without changing anything.

    The links are made inside a savepoint that is rolled back, the most urgent household first, so
    that the preview cannot differ from what would happen.
    """
    policy.demand(actor, Permission.LINK)
    rows = rows_of(connection, list(keys), moment.today)
    able = [row for row in rows if row.municipality_code is not None]
    requests = [
        Request(STEP, actor, {"municipality": row.municipality_code}, row.reference, row.version)
        for row in able
    ]
    trial = connection.begin_nested()
    try:
        outcomes = take_many(connection, requests, moment)
    finally:
        trial.rollback()
    found = {row.id: _refusal(each) for row, each in zip(able, outcomes, strict=True)}
    return [Followed(row, row.municipality, found.get(row.id, NO_PROPOSAL)) for row in rows]


def confirm(
    connection: Connection, actor: Actor, seen: Sequence[Seen], key: str, moment: Moment
) -> list[Followed]:
    """Link each household to the municipality of the proposal that was seen; the caller commits.

    Room, household and criteria are checked again under the locks of the step. The same `key`
    links nobody twice.
    """
    policy.demand(actor, Permission.LINK)
    known = known_proposals(connection, actor, seen, moment)
    pairs = [(each, known[each.proposal]) for each in seen if each.proposal in known]
    asked = [
        Asked(each.case, each.version, found.code, found.status, f"{key}-{each.case}")
        for each, found in pairs
    ]
    outcomes = dict(
        zip([each.case for each in asked], follow(connection, actor, asked, moment), strict=True)
    )
    rows = rows_of(connection, [found.case_id for _, found in pairs], moment.today)
    names = {each.case: found.name for each, found in pairs}
    return [Followed(row, names[row.reference], _refusal(outcomes[row.reference])) for row in rows]


# A confirmed one stays here, so that a form sent twice gets the answer of the first.
_STANDING = (ProposalStatus.OPEN, ProposalStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal to follow: the case, the version seen, its municipality, status, and a key."""

    case: str
    version: int
    code: str
    status: str
    key: str


def follow(
    connection: Connection, actor: Actor, asked: Sequence[Asked], moment: Moment
) -> list[Outcome]:
    """Link each case to the municipality of its proposal, if that still stands; in order."""
    live = [each for each in asked if each.status in _STANDING]
    requests = [
        Request(STEP, actor, {"municipality": each.code}, each.case, each.version, each.key)
        for each in live
    ]
    outcomes = iter(take_many(connection, requests, moment))
    return [next(outcomes) if each.status in _STANDING else REPLACED for each in asked]


@dataclass(frozen=True, slots=True)
class KnownProposal:
    """A proposal that somebody saw, with its case and its municipality."""

    id: int
    case_id: int
    code: str
    name: str
    status: str


def known_proposals(
    connection: Connection, actor: Actor, seen: Sequence[Seen], moment: Moment
) -> dict[str, KnownProposal]:
    """Return the first proposals among those seen, of cases that the actor may link or see."""
    pairs = {each.proposal: each.case for each in seen}
    visible = policy.visible(actor, Permission.LINK, moment.today)
    rows = connection.execute(
        select(
            Proposal.reference,
            Case.reference,
            Proposal.id,
            Case.id,
            Municipality.code,
            Municipality.name,
            Proposal.status,
        )
        .join(Case, Case.id == Proposal.case_id)
        .join(Municipality, Municipality.code == Proposal.municipality_code)
        .where(Proposal.reference.in_(sorted(pairs)), Proposal.rank == 1, visible)
    )
    return {row[0]: KnownProposal(*row[2:]) for row in rows if pairs[row[0]] == row[1]}


def _refusal(outcome: Outcome) -> WorkflowError | None:
    return outcome if isinstance(outcome, WorkflowError) else None
