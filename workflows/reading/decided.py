"""Links that were made on a proposal, as a selection and as the clauses that choose them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.orm import aliased

from models import Case, CaseEvent, Outcome, Proposal
from models.vocabulary import CaseState, DepartureReason, ProposalStatus

DECIDED_WEEKS = 26
WORKING = ("work", "study", "work_and_study")
_AMSTERDAM = text("'Europe/Amsterdam'")
_DECIDED = (ProposalStatus.CONFIRMED, ProposalStatus.DEPARTED)


class LinkOutcome(StrEnum):
    """What became of a link so far."""

    UNDER_WAY = "under_way"
    RELEASED = "released"
    MOVED_IN = "moved_in"
    ENDED = "ended"


class LaterLife(StrEnum):
    """What the municipality recorded of a household that moved in."""

    RECORDED = "recorded"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Which links of the last 26 weeks that had a proposal; each condition must hold of one link.

    `municipalities` are codes of those that were proposed, `organisations` keys of those whose
    officer decided. `week` is given by its first day.
    """

    departed: bool | None = None
    reasons: tuple[DepartureReason, ...] = ()
    municipalities: tuple[str, ...] = ()
    organisations: tuple[int, ...] = ()
    week: date | None = None
    outcome: LinkOutcome | None = None
    later: LaterLife | None = None


def decided_on() -> ColumnElement[Any]:
    """Return the day on which a link was made."""
    return cast(func.timezone(_AMSTERDAM, CaseEvent.recorded_at), Date)


def link_outcome() -> ColumnElement[Any]:
    """Return what became of a link: a released one is so, whatever came after."""
    after = aliased(CaseEvent)
    released = exists(
        select(after.id).where(
            after.case_id == CaseEvent.case_id,
            after.version > CaseEvent.version,
            after.step == "release_link",
        )
    )
    return case(
        (released, LinkOutcome.RELEASED.value),
        (Case.housed_on.is_not(None), LinkOutcome.MOVED_IN.value),
        (Case.state == CaseState.ENDED, LinkOutcome.ENDED.value),
        else_=LinkOutcome.UNDER_WAY.value,
    )


def later_life(later: LaterLife) -> ColumnElement[bool]:
    """Tell whether a municipality recorded anything, or work or study, of a household."""
    found = select(Outcome.id).where(Outcome.case_id == Case.id).correlate(Case)
    if later is LaterLife.WORKING:
        found = found.where(Outcome.kind.in_(WORKING))
    return and_(link_outcome() == LinkOutcome.MOVED_IN, exists(found))


def decided_lately(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the clauses for links on a proposal in the last 26 weeks, this week included."""
    since = datetime.combine(first_week(today), time())
    return (
        CaseEvent.step == "link",
        CaseEvent.recorded_at >= func.timezone(_AMSTERDAM, bindparam(None, since)),
        Proposal.rank == 1,
        Proposal.status.in_(_DECIDED),
    )


def first_week(today: date) -> date:
    """Return the first day of the first week that counts."""
    return today - timedelta(days=today.weekday(), weeks=DECIDED_WEEKS - 1)


def proposal_of_link() -> ColumnElement[bool]:
    """Return how a link finds the proposal that it followed or departed from."""
    return and_(
        Proposal.case_id == CaseEvent.case_id,
        Proposal.reference == CaseEvent.facts["proposal"].astext,
    )


def decided_clause(decided: Decided, today: date) -> ColumnElement[bool]:
    """Return the filter over cases for a selection."""
    links: Select[Any] = (
        select(CaseEvent.id)
        .join(Proposal, proposal_of_link())
        .where(CaseEvent.case_id == Case.id, *decided_lately(today))
        .correlate(Case)
    )
    if decided.departed is not None:
        departed = Proposal.status == ProposalStatus.DEPARTED
        links = links.where(departed if decided.departed else ~departed)
    given: tuple[tuple[object, ColumnElement[bool]], ...] = (
        (decided.reasons, Proposal.departure.in_(decided.reasons)),
        (decided.municipalities, Proposal.municipality_code.in_(decided.municipalities)),
        (decided.organisations, CaseEvent.organisation_id.in_(decided.organisations)),
        (decided.outcome, link_outcome() == decided.outcome),
    )
    links = links.where(*[clause for value, clause in given if value])
    if decided.week is not None:
        end = decided.week + timedelta(weeks=1)
        links = links.where(decided_on() >= decided.week, decided_on() < end)
    if decided.later is not None:
        links = links.where(later_life(decided.later))
    return exists(links)
