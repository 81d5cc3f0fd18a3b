"""Households of nobody: members with names, ages, V-numbers and BSNs of the synthetic ranges."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from models.vocabulary import CaseKind, MemberRole, Sex
from webapp.demo.names import ORIGINS, Origin, pool
from workflows.rules.household import Member, rooms_needed
from workflows.rules.identifiers import SYNTHETIC_BSNS, synthetic_bsn, synthetic_v_number

YEAR = 365.25
BSN_SHARE = 0.7
FEMALE_HEADS, FEMALE_CHILDREN = 0.24, 0.49
ADULTS = (18.6, 62.0)
MINORS = (15.0, 17.8)
YOUNG_MINORS = (11.5, 14.4)
OLDEST_CHILD = 15.0

Row = dict[str, Any]


@dataclass(slots=True)
class Someone:
    """A member of a household; `born_on_the_way` joins after registration, without a V-number."""

    role: MemberRole
    sex: Sex
    birth_date: date
    given_names: str
    family_name: str
    v_number: str | None
    bsn: str | None
    born_on_the_way: bool = False

    @property
    def is_child(self) -> bool:
        """Whether the member is a minor all along the household's road."""
        return self.role is MemberRole.CHILD


@dataclass(slots=True)
class Household:
    """People who wait together; `members` are those whom the road ends with."""

    number: int
    kind: CaseKind
    permit_on: date
    origin: Origin
    members: list[Someone]
    sponsor: "Household | None" = None
    expected_members: int = 0
    municipality: str | None = None
    functional_needs: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return the number of members in the end."""
        return len(self.members)

    @property
    def minors_only(self) -> bool:
        """Whether this is an unaccompanied minor."""
        return self.kind is CaseKind.UNACCOMPANIED_MINOR

    def adults(self) -> list[int]:
        """Return the places of the adults in the list of members."""
        if self.minors_only:
            return []
        return [n for n, member in enumerate(self.members) if not member.is_child]

    def rooms(self, day: date) -> int:
        """Return the rooms that the household needs."""
        there = [each for each in self.members if each.birth_date <= day]
        return rooms_needed([Member(each.role, each.birth_date) for each in there], day)

    def rows(self, *, born_on_the_way: bool) -> list[Row]:
        """Return the members to register, or those born since, as a payload has them."""
        return [
            {
                "v_number": each.v_number,
                "bsn": each.bsn,
                "given_names": each.given_names,
                "family_name": each.family_name,
                "birth_date": each.birth_date,
                "sex": each.sex,
                "nationality": self.origin.nationality,
                "languages": list(self.origin.languages) if not each.born_on_the_way else [],
                "role": each.role,
            }
            for each in self.members
            if each.born_on_the_way == born_on_the_way
        ]


@dataclass(frozen=True, slots=True)
class _Family:
    """What the members of a household have in common."""

    origin: Origin
    name: str
    permit_on: date


class Registry:
    """Makes households one after the other, each V-number and BSN once."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._households = count(1)
        self._v_numbers = count(1)
        self._bsns = iter(random.sample(range(1, SYNTHETIC_BSNS + 1), SYNTHETIC_BSNS))
        self._weights = [origin.weight for origin in ORIGINS]

    def household(
        self, size: int, permit_on: date, kind: CaseKind = CaseKind.ASYLUM, *, young: bool = False
    ) -> Household:
        """Return a household of a size; `young` makes an unaccompanied minor under 15."""
        random = self._random
        origin = random.choices(ORIGINS, self._weights)[0]
        family = _Family(origin, random.choice(pool(origin).family), permit_on)
        if kind is CaseKind.UNACCOMPANIED_MINOR:
            ages = YOUNG_MINORS if young else MINORS
            members = [self._someone(MemberRole.HEAD, ages, family)]
        else:
            members = self._composed(size, family)
        return Household(next(self._households), kind, permit_on, origin, members)

    def _composed(self, size: int, family: _Family) -> list[Someone]:
        random = self._random
        head = self._someone(MemberRole.HEAD, ADULTS, family)
        members = [head]
        if size > 1 and random.random() < (0.5 if size == 2 else 0.76):  # noqa: PLR2004 - a pair
            other = Sex.MALE if head.sex is Sex.FEMALE else Sex.FEMALE
            age = (family.permit_on - head.birth_date).days / YEAR
            ages = (max(ADULTS[0], age - 8), max(ADULTS[0] + 1, age + 4))
            married = replace(family, name=random.choice(pool(family.origin).family))
            members.append(self._someone(MemberRole.PARTNER, ages, married, other))
        while len(members) < size:
            members.append(self._someone(MemberRole.CHILD, (0.2, OLDEST_CHILD), family))
        return members

    def _someone(
        self, role: MemberRole, ages: tuple[float, float], family: _Family, sex: Sex | None = None
    ) -> Someone:
        random = self._random
        child = role is MemberRole.CHILD
        if sex is None:
            share = FEMALE_CHILDREN if child else FEMALE_HEADS
            sex = Sex.FEMALE if random.random() < share else Sex.MALE
        low, high = ages
        # Most adults are young.
        age = low + (high - low) * (random.random() if child else random.betavariate(1.4, 3.2))
        return Someone(
            role=role,
            sex=sex,
            birth_date=family.permit_on - timedelta(days=int(age * YEAR)),
            given_names=pool(family.origin).given(random, female=sex is Sex.FEMALE),
            family_name=family.name,
            v_number=synthetic_v_number(next(self._v_numbers)),
            bsn=synthetic_bsn(next(self._bsns)) if random.random() < BSN_SHARE else None,
        )

    def bear(self, household: Household, born_on: date) -> None:
        """Make the youngest child one that is born on the way."""
        child = household.members[-1]
        child.birth_date = born_on
        child.v_number = child.bsn = None
        child.born_on_the_way = True
