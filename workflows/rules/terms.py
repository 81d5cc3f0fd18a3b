"""The terms beside a case's own clock: of the act it waits for, of assigning, the municipality's.

They run from the day on which they came up, which the case keeps beside the day they end.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Protocol

from models.vocabulary import CaseState, Term
from workflows.rules.agenda import PLACEMENTS, Agenda, Dated, suspended_days
from workflows.rules.norms import Norm, NormCode, due_date
from workflows.rules.working_days import add_working_days, count_working_days

NORM_OF_ACT = {
    Term.TAKE_UP: NormCode.TAKE_UP,
    Term.JUDGE_CONTEST: NormCode.JUDGE_CONTEST,
    Term.ANSWER_OFFER: NormCode.ANSWER_OFFER,
    Term.JUDGE_REFUSAL: NormCode.JUDGE_REFUSAL,
    Term.CLOSE: NormCode.CLOSE,
}
MUNICIPAL = {
    Term.LEASE: (Term.MUNICIPALITY_LEASE, NormCode.MUNICIPALITY_LEASE),
    Term.MOVE: (Term.MUNICIPALITY_MOVE, NormCode.MUNICIPALITY_MOVE),
}
_ONE_DAY = timedelta(days=1)


class Followed(Dated, Protocol):
    """A case whose terms are followed from step to step.

    `act_stood` is the working days that the term of the act stood still in suspensions that are
    over; `suspended_before_link` the days suspended until the link.
    """

    responsible_id: int | None
    assignee_id: int | None
    municipal_contact_id: int | None
    offer_id: int | None
    linked_on: date | None
    suspended_before_link: int
    act_term: str | None
    act_since: date | None
    act_stood: int
    unassigned_on: date | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The columns of a case that its terms stand in."""

    due_on: date | None
    due_term: Term | None
    act_term: Term | None
    act_due_on: date | None
    municipal_term: Term | None
    municipal_due_on: date | None
    assign_due_on: date | None


TERM_COLUMNS = tuple(each.name for each in fields(Terms))
NO_TERMS = Terms(None, None, None, None, None, None, None)


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


def holder(case: Followed) -> int | None:
    """Return who has a case in hand at the organisation that is responsible for it."""
    agency = case.centre_id if case.centre_id is not None else case.region_id
    return case.assignee_id if case.responsible_id == agency else case.municipal_contact_id


def follow(
    case: Followed,
    before: Followed | None,
    due: Agenda,
    norms: tuple[Norm, ...],
    today: date,
) -> None:
    """Renew the terms of a case after a step; a term that was running already goes on.

    `before` is the case as the step found it, None for a new one, `due` its agenda now.
    LookupError when a norm has no version on the day a term came up.
    """
    _follow_link(case, before, today)
    _follow_act(case, before, norms, today)
    _follow_assignment(case, before, today)
    terms = reckoned(case, due, norms)
    for name in TERM_COLUMNS:
        setattr(case, name, getattr(terms, name))


def _follow_link(case: Followed, before: Followed | None, today: date) -> None:
    if case.linked_on is None:
        case.suspended_before_link = 0
    elif before is not None and before.linked_on != case.linked_on:
        running = 0 if case.suspended_on is None else (today - case.suspended_on).days
        case.suspended_before_link = case.suspended_days + running


def _follow_act(
    case: Followed, before: Followed | None, norms: tuple[Norm, ...], today: date
) -> None:
    term = act_term(case)
    if term is None:
        case.act_since, case.act_stood = None, 0
    elif before is None or (before.act_term, before.offer_id) != (term, case.offer_id):
        case.act_since, case.act_stood = today, 0
    elif before.suspended_on is not None and case.suspended_on is None:
        until = min(today, before.suspended_until or today)
        case.act_stood += _stood(case, term, norms, before.suspended_on, until)


def act_due_date(case: Followed, term: Term, norms: tuple[Norm, ...]) -> date | None:
    """Return the last day in time for the act of a case, None before it came up.

    Working days in which the case is suspended do not count. LookupError without a norm.
    """
    due = _undisturbed(case, term, norms)
    if due is None or case.suspended_on is None or case.suspended_until is None:
        return due
    stands = _stood(case, term, norms, case.suspended_on, case.suspended_until)
    return add_working_days(due, stands)


def _undisturbed(case: Followed, term: Term, norms: tuple[Norm, ...]) -> date | None:
    """Return the end of an act's term without the suspension that runs now."""
    if case.act_since is None:
        return None
    return add_working_days(due_date(norms, NORM_OF_ACT[term], case.act_since), case.act_stood)


def _stood(case: Followed, term: Term, norms: tuple[Norm, ...], start: date, until: date) -> int:
    """Return the working days of a suspension within an act's term; one that came late has none.

    The clock stands still on the first day and runs again on the last.
    """
    due = _undisturbed(case, term, norms)
    if due is None or case.act_since is None or start > due:
        return 0
    since = max(case.act_since, start - _ONE_DAY)
    return max(count_working_days(since, until - _ONE_DAY), 0)


def _follow_assignment(case: Followed, before: Followed | None, today: date) -> None:
    if case.responsible_id is None or holder(case) is not None:
        case.unassigned_on = None
        return
    moved = before is None or before.responsible_id != case.responsible_id
    if moved or case.unassigned_on is None:
        case.unassigned_on = today


def municipal_due(
    case: Followed, term: Term | None, norms: tuple[Norm, ...]
) -> tuple[Term, date] | None:
    """Return the municipality's own term beside a term of the case, and its last day in time.

    Days suspended since the link come on top. LookupError without a norm.
    """
    if term not in MUNICIPAL or case.linked_on is None:
        return None
    own, norm = MUNICIPAL[term]
    suspended = max(suspended_days(case) - case.suspended_before_link, 0)
    return own, due_date(norms, norm, case.linked_on) + timedelta(days=suspended)


def reckoned(case: Followed, due: Agenda, norms: tuple[Norm, ...]) -> Terms:
    """Return all terms of a case with this agenda anew.

    Only what the case keeps of when each came up, and of what stood still, is taken as it is.
    The municipality's own term stands where it ends on another day than the case's.
    """
    if due.responsible_id is None:
        return NO_TERMS
    act = act_term(case)
    act_due = None if act is None else act_due_date(case, act, norms)
    own = municipal_due(case, due.due_term, norms)
    if own is not None and own[1] == due.due_on:
        own = None
    assign_due = None
    if case.unassigned_on is not None:
        assign_due = due_date(norms, NormCode.ASSIGN, case.unassigned_on)
    return Terms(
        due_on=act_due if act is Term.CLOSE else due.due_on,
        due_term=due.due_term,
        act_term=act,
        act_due_on=act_due,
        municipal_term=None if own is None else own[0],
        municipal_due_on=None if own is None else own[1],
        assign_due_on=assign_due,
    )
