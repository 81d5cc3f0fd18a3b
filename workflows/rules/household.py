"""Composition of a household: its type, its adults and the rooms it needs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.vocabulary import HouseholdType, MemberRole

ADULT_AGE = 18
ROOMS_FOR_ONE_OR_A_COUPLE = 1
LIVING_ROOM_AND_BEDROOM = 2
MINORS_PER_BEDROOM = 2
SHARING_A_BEDROOM = frozenset({MemberRole.HEAD, MemberRole.PARTNER})


@dataclass(frozen=True, slots=True)
class Member:
    """A live member of a household, as far as its composition goes."""

    role: MemberRole
    birth_date: date


def age_on(birth_date: date, day: date) -> int:
    """Return the whole years of age on a day; ValueError before birth.

    Who was born on 29 February is a year older on 1 March of a common year.
    """
    if day < birth_date:
        raise ValueError("the day lies before the date of birth")
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def birthday(birth_date: date, age: int) -> date:
    """Return the day on which an age in years is reached; 29 February moves to 1 March."""
    year = birth_date.year + age
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def born_by(day: date, age: int) -> date:
    """Return the latest date of birth of those who have reached an age in years on a day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:
        return date(day.year - age, 2, 28)


def is_adult(birth_date: date, day: date) -> bool:
    """Return whether somebody is 18 or older on a day (Burgerlijk Wetboek 1, art. 233)."""
    return birth_date <= born_by(day, ADULT_AGE)


def household_type(members: Collection[Member], day: date) -> HouseholdType:
    """Return the type of a household for reporting and supply; ValueError without members.

    Only minors: minor. One adult: single. An adult with partner: couple. One adult, without
    partner, with minor children: single parent. All others: family.
    """
    if not members:
        raise ValueError("a household has at least one member")
    adults = [member for member in members if is_adult(member.birth_date, day)]
    minors = [member for member in members if not is_adult(member.birth_date, day)]
    roles = sorted(member.role for member in members)
    if not adults:
        return HouseholdType.MINOR
    if len(members) == 1:
        return HouseholdType.SINGLE
    if roles == [MemberRole.HEAD, MemberRole.PARTNER]:
        return HouseholdType.COUPLE
    if [adult.role for adult in adults] == [MemberRole.HEAD] and _all_children(minors):
        return HouseholdType.SINGLE_PARENT
    return HouseholdType.FAMILY


def _all_children(members: Collection[Member]) -> bool:
    return all(member.role is MemberRole.CHILD for member in members)


def rooms_needed(members: Collection[Member], day: date) -> int:
    """Return the least rooms, living room included, that a household needs.

    One person or a couple fits one room. Others need a living room, a bedroom for the head and
    partner, one for each other adult and one for every two other minors. This is the project's
    own rule of thumb: the law names no number. ValueError without members.
    """
    if household_type(members, day) is HouseholdType.COUPLE or len(members) == 1:
        return ROOMS_FOR_ONE_OR_A_COUPLE
    others = [member for member in members if member.role not in SHARING_A_BEDROOM]
    adults = sum(is_adult(other.birth_date, day) for other in others)
    minors = len(others) - adults
    shared_bedrooms = -(-minors // MINORS_PER_BEDROOM)
    return LIVING_ROOM_AND_BEDROOM + adults + shared_bedrooms
