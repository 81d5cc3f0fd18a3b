"""Who is responsible for a case, who acts next and by when: functions of the case alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from models.vocabulary import ACCEPTED_HANDOVER, CaseState, HousingKind, Term, WaitingParty
from workflows.rules.norms import Norm, NormCode, due_date

_WAITING = {
    CaseState.REGISTERED: WaitingParty.CENTRE,
    CaseState.SCREENED: WaitingParty.REGION,
    CaseState.LINKED: WaitingParty.MUNICIPALITY,
    CaseState.PREPARING: WaitingParty.MUNICIPALITY,
    CaseState.OFFERED: WaitingParty.CENTRE,
    CaseState.REFUSED: WaitingParty.REGION,
    CaseState.MOVING: WaitingParty.MUNICIPALITY,
    CaseState.HOUSED: WaitingParty.CENTRE,
}
# Until the home at 18 is recorded nothing more is due here, once the minor is signed off.
PLACEMENTS = frozenset({HousingKind.SMALL_SCALE_RECEPTION, HousingKind.RECEPTION_UNIT})
_NORM_OF = {
    Term.SCREENING: NormCode.SCREENING,
    Term.LINK: NormCode.LINK,
    Term.LEASE: NormCode.LEASE,
    Term.MOVE: NormCode.MOVE,
}


class Dated(Protocol):
    """What the agenda reads of a case."""

    state: str
    permit_on: date
    centre_id: int | None
    region_id: int
    title_on: date | None
    housed_on: date | None
    housing_kind: str | None
    counts_since: date | None
    reserved: int
    contested_on: date | None
    suspended_days: int
    suspended_on: date | None
    suspended_until: date | None
    reaction_due_on: date | None
    handover_state: str | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The responsible organisation, the party that acts next, and which term ends on which day.

    A case without a term still has a day, by which queues are ordered.
    """

    responsible_id: int | None
    waiting_party: WaitingParty | None
    due_on: date | None
    due_term: Term | None


NOTHING = Agenda(None, None, None, None)


def agenda(case: Dated, norms: tuple[Norm, ...], municipality_id: int | None) -> Agenda:
    """Return the agenda of a case; a finished case has none.

    The reception agency is responsible until a handover is accepted, from then on the linked
    municipality (`municipality_id`, its organisation). LookupError when a norm has no version on
    the permit date.
    """
    state = CaseState(case.state)
    if state not in _WAITING:
        return NOTHING
    responsible = case.centre_id if case.centre_id is not None else case.region_id
    if case.handover_state in ACCEPTED_HANDOVER and municipality_id is not None:
        responsible = municipality_id
    term = due_term(case, state)
    day = due_on(case, term or Term.SIGN_OFF, norms)
    return Agenda(responsible, _waiting(case, state), day, term)


def _waiting(case: Dated, state: CaseState) -> WaitingParty:
    if case.contested_on is not None:
        return WaitingParty.REGION
    party = _WAITING[state]
    if state is CaseState.MOVING and case.title_on is not None:
        party = WaitingParty.CENTRE
    if party is WaitingParty.CENTRE and case.centre_id is None:
        return WaitingParty.REGION
    return party


def due_term(case: Dated, state: CaseState) -> Term | None:
    """Return the term of a live case's own clock; None once all are signed off."""
    match state:
        case CaseState.REGISTERED:
            return Term.SCREENING
        case CaseState.SCREENED:
            return Term.LINK
        case CaseState.HOUSED:
            # Whoever lives where it does not count is signed off in a later home.
            return Term.SIGN_OFF if case.reserved and case.counts_since is not None else None
        case CaseState.REFUSED if case.reaction_due_on is not None:
            return Term.REACTION
        case CaseState.MOVING if case.title_on is not None:
            return Term.MOVE
        case _:
            return Term.LEASE


def due_on(case: Dated, term: Term, norms: tuple[Norm, ...]) -> date:
    """Return the last day in time of a term of the case's own clock, suspended days included.

    LookupError when the norm has no version on the day from which the term runs.
    """
    if term is Term.REACTION and case.reaction_due_on is not None:
        return case.reaction_due_on
    if term is Term.SIGN_OFF and case.housed_on is not None:
        return due_date(norms, NormCode.SIGN_OFF, case.counts_since or case.housed_on)
    return due_date(norms, _NORM_OF[term], case.permit_on) + timedelta(days=suspended_days(case))


def suspended_days(case: Dated) -> int:
    """Return the days that the clock of a case stands still in all, those planned included."""
    if case.suspended_on is None or case.suspended_until is None:
        return case.suspended_days
    return case.suspended_days + (case.suspended_until - case.suspended_on).days
