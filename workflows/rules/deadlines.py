"""When each part of the road home is due: what a case's own term is now, was before and will be."""

from dataclasses import dataclass
from datetime import date

from models.vocabulary import Term
from workflows.rules.agenda import due_on
from workflows.rules.norms import Norm
from workflows.rules.terms import Followed, municipal_due


@dataclass(frozen=True, slots=True)
class CaseDueDates:
    """The last days in time of a case; the municipality's own terms are None before a link."""

    screening: date
    link: date
    lease: date
    move: date
    municipality_lease: date | None
    municipality_move: date | None


def case_due_dates(case: Followed, norms: tuple[Norm, ...]) -> CaseDueDates:
    """Return the due dates of a case, suspended days included, as its terms are reckoned.

    The municipality's own terms run from the link, so that a late link is not charged to it.
    LookupError when a norm has no version on the permit date or the day of the link.
    """
    lease, move = (municipal_due(case, term, norms) for term in (Term.LEASE, Term.MOVE))
    return CaseDueDates(
        screening=due_on(case, Term.SCREENING, norms),
        link=due_on(case, Term.LINK, norms),
        lease=due_on(case, Term.LEASE, norms),
        move=due_on(case, Term.MOVE, norms),
        municipality_lease=None if lease is None else lease[1],
        municipality_move=None if move is None else move[1],
    )
