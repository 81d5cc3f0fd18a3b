"""Reservations of room: made by a link, re-sized with the household, released by its end."""

from collections.abc import Sequence
from datetime import date, timedelta

from models.vocabulary import QuotaKind
from workflows.quota.period import HalfYear
from workflows.rules.norms import Norm, NormCode, due_date
from workflows.situation import Posting, Situation


def move_due_half_year(situation: Situation) -> HalfYear:
    """Return the half-year in which a household linked today is due to move."""
    case = situation.case
    return half_year_of_move(
        situation.reference.norms, case.permit_on, case.suspended_days, situation.today
    )


def half_year_of_move(
    norms: Sequence[Norm], permit_on: date, suspended_days: int, linked_on: date
) -> HalfYear:
    """Return the half-year of a move, which decides up to when a quota counts as room.

    Neither the term since the permit nor that of the municipality since the link has passed then.
    """
    from_permit = due_date(norms, NormCode.MOVE, permit_on) + timedelta(days=suspended_days)
    from_link = due_date(norms, NormCode.MUNICIPALITY_MOVE, linked_on)
    return HalfYear.of_date(max(from_permit, from_link, linked_on))


def reserve(situation: Situation, persons: int) -> None:
    """Reserve room for persons in the linked municipality, in the present half-year."""
    if persons == 0:
        return
    case = situation.case
    half_year = str(HalfYear.of_date(situation.today))
    _post(situation, QuotaKind.RESERVED, persons, half_year)
    case.reserved += persons
    case.reserved_half_year = half_year


def release(situation: Situation, persons: int) -> None:
    """Release reserved room in the half-year and municipality that it was reserved in."""
    case = situation.case
    persons = min(persons, case.reserved)
    if persons == 0 or case.reserved_half_year is None:
        return
    _post(situation, QuotaKind.RELEASED, -persons, case.reserved_half_year)
    case.reserved -= persons
    if case.reserved == 0:
        case.reserved_half_year = None


def resize(situation: Situation) -> None:
    """Bring the reservation of a linked household to the members who are not realised."""
    case = situation.case
    if case.municipality_code is None:
        return
    wanted = sum(member.realised_entry is None for member in situation.members)
    if wanted < case.reserved:
        release(situation, case.reserved - wanted)
    elif wanted > case.reserved:
        present = str(HalfYear.of_date(situation.today))
        if case.reserved_half_year not in {None, present}:
            release(situation, case.reserved)
        reserve(situation, wanted - case.reserved)


def _post(situation: Situation, kind: QuotaKind, persons: int, half_year: str) -> None:
    situation.post(
        Posting(
            municipality_code=situation.municipality.code,
            half_year=half_year,
            kind=kind,
            persons=persons,
            booked_on=situation.today,
        )
    )
