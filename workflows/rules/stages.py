"""When each stage of an alert stands: functions of the day a term ends and the norms of today.

A stage is reckoned with the norms that hold on the day of the run, so that one day decides which
terms have reached it: all that end on `latest_due_date` or before.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import MUNICIPAL_TERMS, AlertStage, Term
from workflows.rules.norms import Norm, NormCode, norm_on
from workflows.rules.working_days import add_working_days, is_working_day

_ONE_DAY = timedelta(days=1)
# Terms in calendar days are long: a reminder comes a week before, not two working days.
CALENDAR = frozenset({Term.LINK, Term.LEASE, Term.MOVE, *MUNICIPAL_TERMS})
# Whoever is to screen sees it on the day itself; nobody is there to remind of an assignment.
UNREMINDED = frozenset({Term.SCREENING, Term.ASSIGN})


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before or after the end of a term a stage stands; negative is before."""

    days: int
    working: bool


def stages_of(term: Term) -> tuple[AlertStage, ...]:
    """Return the stages of a term in their order."""
    later = (AlertStage.COORDINATOR, AlertStage.REGION)
    return later if term in UNREMINDED else (AlertStage.REMINDER, *later)


def lead(term: Term, stage: AlertStage, norms: Collection[Norm], today: date) -> Lead:
    """Return how far from the end of a term a stage stands; LookupError without a norm."""
    match stage:
        case AlertStage.REMINDER:
            working = term not in CALENDAR
            code = NormCode.REMINDER_OF_ACT if working else NormCode.REMINDER
            return Lead(-norm_on(norms, code, today).amount, working)
        case AlertStage.COORDINATOR:
            return Lead(norm_on(norms, NormCode.COORDINATOR, today).amount, working=True)
        case AlertStage.REGION:
            return Lead(norm_on(norms, NormCode.REGION, today).amount, working=True)


def stage_date(due: date, lead: Lead) -> date:
    """Return the day on which a stage stands for a term that ends on `due`."""
    if not lead.working:
        return due + timedelta(days=lead.days)
    if lead.days < 0:
        return _subtract_working_days(due, -lead.days)
    return add_working_days(due, lead.days)


def latest_due_date(today: date, lead: Lead) -> date:
    """Return the latest end of a term whose stage stands today or stood before."""
    due = today - timedelta(days=lead.days)
    while stage_date(due, lead) > today:
        due -= _ONE_DAY
    while stage_date(due + _ONE_DAY, lead) <= today:
        due += _ONE_DAY
    return due


def _subtract_working_days(day: date, working_days: int) -> date:
    """Return the day after which so many working days are left, the last one included."""
    while working_days > 0:
        working_days -= is_working_day(day)
        day -= _ONE_DAY
    return day
