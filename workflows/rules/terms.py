"""The terms of working days that run on a case: of the act it waits for, and of assigning it.

Both run from the day on which they came up, which the case keeps beside the day they end.
"""

from datetime import date
from typing import Protocol

from models.vocabulary import CaseState, Term
from workflows.rules.agenda import PLACEMENTS, Dated, agenda
from workflows.rules.norms import Norm, NormCode, due_date

NORM_OF_ACT = {
    Term.TAKE_UP: NormCode.TAKE_UP,
    Term.JUDGE_CONTEST: NormCode.JUDGE_CONTEST,
    Term.ANSWER_OFFER: NormCode.ANSWER_OFFER,
    Term.JUDGE_REFUSAL: NormCode.JUDGE_REFUSAL,
    Term.CLOSE: NormCode.CLOSE,
}


class Followed(Dated, Protocol):
    """A case whose terms are followed from step to step."""

    responsible_id: int | None
    assignee_id: int | None
    municipal_contact_id: int | None
    offer_id: int | None
    due_on: date | None
    act_term: str | None
    act_since: date | None
    act_due_on: date | None
    unassigned_on: date | None
    assign_due_on: date | None


def act_term(case: Dated) -> Term | None:
    """Return the term of the act that a case waits for; None where its own clock says it all."""
    if case.contested_on is not None:
        return Term.JUDGE_CONTEST
    match CaseState(case.state):
        case CaseState.LINKED:
            return Term.TAKE_UP
        case CaseState.OFFERED:
            return Term.ANSWER_OFFER
        case CaseState.REFUSED if case.reaction_due_on is None:
            return Term.JUDGE_REFUSAL
        case CaseState.HOUSED if not case.reserved and case.housing_kind not in PLACEMENTS:
            return Term.CLOSE
        case _:
            return None


def act_due_date(term: Term, since: date, norms: tuple[Norm, ...]) -> date:
    """Return the last day in time for an act that came up on a day; LookupError without norm."""
    return due_date(norms, NORM_OF_ACT[term], since)


def holder(case: Followed) -> int | None:
    """Return who has a case in hand at the organisation that is responsible for it."""
    agency = case.centre_id if case.centre_id is not None else case.region_id
    return case.assignee_id if case.responsible_id == agency else case.municipal_contact_id


def follow(case: Followed, before: Followed | None, norms: tuple[Norm, ...], today: date) -> None:
    """Renew the terms of a case after a step; a term that was running already goes on.

    `before` is the case as the step found it, None for a new one. LookupError when a norm has
    no version today.
    """
    _follow_act(case, before, norms, today)
    _follow_assignment(case, before, norms, today)


def _follow_act(
    case: Followed, before: Followed | None, norms: tuple[Norm, ...], today: date
) -> None:
    term = act_term(case)
    if term is None:
        case.act_term = case.act_since = case.act_due_on = None
        return
    goes_on = before is not None and (before.act_term, before.offer_id) == (term, case.offer_id)
    if not goes_on:
        case.act_since = today
        case.act_due_on = act_due_date(term, today, norms)
    case.act_term = term
    if term is Term.CLOSE:
        case.due_on = case.act_due_on


def _follow_assignment(
    case: Followed, before: Followed | None, norms: tuple[Norm, ...], today: date
) -> None:
    if case.responsible_id is None or holder(case) is not None:
        case.unassigned_on = case.assign_due_on = None
        return
    moved = before is None or before.responsible_id != case.responsible_id
    if moved or case.unassigned_on is None:
        case.unassigned_on = today
        case.assign_due_on = due_date(norms, NormCode.ASSIGN, today)


def reckoned(
    case: Followed, norms: tuple[Norm, ...], municipality_id: int | None
) -> tuple[date | None, Term | None, Term | None, date | None, date | None]:
    """Return due day and term, act term and its day, and the day to be assigned by, all anew.

    Only since when an act is waited for, and since when nobody has the case, is taken as it is.
    """
    due = agenda(case, norms, municipality_id)
    act, act_due = act_term(case), None
    if act is not None and case.act_since is not None:
        act_due = act_due_date(act, case.act_since, norms)
    assign_due = None
    if case.unassigned_on is not None:
        assign_due = due_date(norms, NormCode.ASSIGN, case.unassigned_on)
    day = act_due if act is Term.CLOSE else due.due_on
    return day, due.due_term, act, act_due, assign_due
