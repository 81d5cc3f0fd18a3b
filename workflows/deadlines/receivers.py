"""Who is told of a term: whoever is to act, then the coordinator, then the COA region."""

from datetime import date
from typing import Protocol

from models.vocabulary import AlertStage, Term, WaitingParty


class Standing(Protocol):
    """What a case tells about who is to act on it."""

    reference: str
    waiting_party: str | None
    responsible_id: int | None
    centre_id: int | None
    region_id: int
    municipality_id: int | None
    municipal_due_on: date | None


def receivers(
    case: Standing,
    term: Term,
    stage: AlertStage,
    organisation_id: int | None,
    coordinated: frozenset[int],
) -> list[int]:
    """Return the organisations that are told of a stage, by key.

    `organisation_id` is whose handover or task it is. A coordinator is told at the organisation
    that is responsible and at the one that is to act; where there is none (`coordinated` names
    those that have one) the region is told at once, so that an alert never reaches nobody.
    """
    acting = acting_organisation(case, term, organisation_id)
    match stage:
        case AlertStage.REMINDER:
            told = {acting}
        case AlertStage.COORDINATOR:
            sides = {acting, case.responsible_id or acting}
            if term is Term.HANDOVER:
                sides.add(_agency(case))
            told = {side if side in coordinated else case.region_id for side in sides}
        case AlertStage.REGION:
            told = {case.region_id}
    return sorted(told)


def topic_of(term: Term, stage: AlertStage) -> str:
    """Return the topic of the message."""
    kind = {
        Term.ASSIGN: "unassigned",
        Term.HANDOVER: "handover_term",
        Term.TASK: "task",
    }.get(term, "term")
    match stage:
        case AlertStage.REMINDER:
            return f"{kind}_near"
        case AlertStage.COORDINATOR:
            return f"{kind}_passed"
        case AlertStage.REGION:
            return f"{kind}_passed_long"


def acting_organisation(case: Standing, term: Term, organisation_id: int | None) -> int:
    """Return the organisation that is to act before a term ends."""
    if organisation_id is not None:
        return organisation_id
    match term:
        case Term.TAKE_UP | Term.MUNICIPALITY_LEASE | Term.MUNICIPALITY_MOVE:
            acting = case.municipality_id or case.region_id
        case Term.JUDGE_CONTEST | Term.JUDGE_REFUSAL | Term.REACTION:
            acting = case.region_id
        case Term.LEASE | Term.MOVE if case.municipal_due_on is not None:
            # The municipality has a day of its own: a late link is not charged to it.
            acting = case.region_id
        case Term.ANSWER_OFFER | Term.CLOSE:
            acting = _agency(case)
        case Term.ASSIGN | Term.RESUME:
            acting = case.responsible_id or _agency(case)
        case _:
            acting = _waited_for(case)
    return acting


def _waited_for(case: Standing) -> int:
    match case.waiting_party:
        case WaitingParty.MUNICIPALITY if case.municipality_id is not None:
            return case.municipality_id
        case WaitingParty.CENTRE:
            return _agency(case)
        case _:
            return case.region_id


def _agency(case: Standing) -> int:
    return case.centre_id if case.centre_id is not None else case.region_id
