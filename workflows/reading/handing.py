"""Households that were handed over or not, as a selection and as the clauses that choose them."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, func, select, type_coerce

from models import Case, Handover
from models.vocabulary import CaseState, HandoverOutcome, InterviewAbsence

HANDING_WEEKS = 52


class NoInterview(StrEnum):
    """Why there was no interview, where no handover was completed."""

    NO_HANDOVER = "no_handover"


Absence = InterviewAbsence | NoInterview


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Which of the households that were closed in the last 52 weeks; each condition must hold.

    `municipalities` are codes of where they live, `senders` keys of the organisations that handed
    over, or would have. `slower_than` are days from link to interview.
    """

    municipalities: tuple[str, ...] = ()
    senders: tuple[int, ...] = ()
    outcome: HandoverOutcome | None = None
    absence: Absence | None = None
    slower_than: int | None = None


def interview_days() -> ColumnElement[int]:
    """Return the days from link to interview; null where none was held."""
    # In PostgreSQL the difference of two dates is a whole number.
    return type_coerce(Handover.interview_on - Handover.linked_on, Integer)


def sender() -> ColumnElement[int]:
    """Return the key of the organisation that handed a household over, or would have."""
    return func.coalesce(Handover.sender_id, Case.centre_id, Case.region_id)


def closed_lately(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the clauses for cases closed in the last 52 weeks, today included."""
    since = today - timedelta(weeks=HANDING_WEEKS)
    return Case.state == CaseState.CLOSED, Case.finished_on > since


def handed_clause(handed: Handed, today: date) -> ColumnElement[bool]:
    """Return the filter over cases for a selection."""
    newest = select(Handover.id).where(Handover.id == Case.handover_id).correlate(Case)
    clauses = [*closed_lately(today)]
    if handed.municipalities:
        clauses.append(Case.municipality_code.in_(handed.municipalities))
    if handed.senders:
        sent_by = select(Handover.sender_id).where(Handover.id == Case.handover_id).correlate(Case)
        own = func.coalesce(sent_by.scalar_subquery(), Case.centre_id, Case.region_id)
        clauses.append(own.in_(handed.senders))
    if handed.outcome is not None:
        clauses.append(Case.handover_outcome == handed.outcome)
    if handed.absence is NoInterview.NO_HANDOVER:
        without = newest.where(Handover.interview_absence.is_not(None))
        clauses += [Case.handover_outcome == HandoverOutcome.NOT_HELD, ~exists(without)]
    elif handed.absence is not None:
        clauses.append(exists(newest.where(Handover.interview_absence == handed.absence)))
    if handed.slower_than is not None:
        slow = newest.where(interview_days() > bindparam(None, handed.slower_than))
        clauses += [Case.handover_outcome == HandoverOutcome.COMPLETED, exists(slow)]
    return and_(*clauses)
