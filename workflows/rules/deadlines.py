"""The clock of a case: due dates from the permit date, suspension, delay."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import CaseState
from workflows.rules.norms import Norm, NormCode, due_date

TERMS_FROM_PERMIT = (NormCode.LINK, NormCode.LEASE, NormCode.MOVE)
TERMS_FROM_LINK = (NormCode.MUNICIPALITY_LEASE, NormCode.MUNICIPALITY_MOVE)


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which the clock of some terms stands still.

    `ends_on` is the day of resumption, the planned one while the suspension lasts; ValueError
    when it lies before the start.
    """

    terms: frozenset[NormCode]
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """Refuse a suspension that ends before it starts."""
        if self.ends_on < self.starts_on:
            raise ValueError(f"suspended from {self.starts_on} until before it: {self.ends_on}")


@dataclass(frozen=True, slots=True)
class CaseDueDates:
    """The last days in time of a case; the municipality's own terms are None before a link."""

    screening: date
    link: date
    lease: date
    move: date
    municipality_lease: date | None
    municipality_move: date | None


def case_permit_date(permit_dates: Collection[date]) -> date:
    """Return the permit date that a case goes by: its earliest live member's; ValueError if none.

    `permit_dates` holds those of the live members.
    """
    return min(permit_dates)


def suspended_terms(state: CaseState) -> frozenset[NormCode]:
    """Return the terms whose clock a suspension in a state stops: the one running and all later.

    All terms of the case count from the same permit date, so that time lost before the link is
    lost for lease and move too. Empty where nobody waits for a home any more.
    """
    match state:
        case CaseState.REGISTERED | CaseState.SCREENED:
            return frozenset(TERMS_FROM_PERMIT)
        case (
            CaseState.LINKED
            | CaseState.PREPARING
            | CaseState.OFFERED
            | CaseState.REFUSED
            | CaseState.MOVING
        ):
            return frozenset((NormCode.LEASE, NormCode.MOVE, *TERMS_FROM_LINK))
        case _:
            return frozenset()


def case_due_dates(
    permit_date: date,
    norms: Collection[Norm],
    linked_on: date | None = None,
    suspensions: Iterable[Suspension] = (),
) -> CaseDueDates:
    """Return the due dates of a case by the norms valid on the permit date and the link date.

    The municipality's own terms run from the link, so that a late link is not charged to it.
    Screening is due on the day that its norm gives, whatever was suspended. LookupError when a
    norm has no version on those dates.
    """
    stops = sorted(suspensions, key=lambda suspension: suspension.starts_on)

    def due(code: NormCode, start: date) -> date:
        stopping = (stop for stop in stops if code in stop.terms)
        return _extended(due_date(norms, code, start), start, stopping)

    lease, move = TERMS_FROM_LINK
    return CaseDueDates(
        screening=due_date(norms, NormCode.SCREENING, permit_date),
        link=due(NormCode.LINK, permit_date),
        lease=due(NormCode.LEASE, permit_date),
        move=due(NormCode.MOVE, permit_date),
        municipality_lease=None if linked_on is None else due(lease, linked_on),
        municipality_move=None if linked_on is None else due(move, linked_on),
    )


def _extended(due: date, start: date, stops: Iterable[Suspension]) -> date:
    """Return a due date plus the days suspended within the term; `stops` by their start."""
    counted_until = start
    for stop in stops:
        if stop.starts_on > due:
            break
        begin = max(stop.starts_on, counted_until)
        due += max(stop.ends_on - begin, timedelta())
        counted_until = max(counted_until, stop.ends_on)
    return due


def suspended_days(suspensions: Iterable[Suspension]) -> int:
    """Return the calendar days of suspension in all, a day in two suspensions counted once."""
    days = 0
    counted_until = date.min
    for stop in sorted(suspensions, key=lambda suspension: suspension.starts_on):
        begin = max(stop.starts_on, counted_until)
        days += max((stop.ends_on - begin).days, 0)
        counted_until = max(counted_until, stop.ends_on)
    return days


def is_delayed(
    today: date,
    permit_date: date,
    norms: Iterable[Norm],
    *,
    realised: bool,
    in_reception: bool,
) -> bool:
    """Return whether a permit holder is delayed (vertraagd): still in reception after the term.

    `permit_date` is the permit holder's own. Real days count: suspension does not help here.
    LookupError when the norm for the move has no version on the permit date.
    """
    if realised or not in_reception:
        return False
    return today > due_date(norms, NormCode.MOVE, permit_date)


def days_left(today: date, due: date) -> int:
    """Return the calendar days left, 0 on the last day in time, negative when overdue."""
    return (due - today).days
