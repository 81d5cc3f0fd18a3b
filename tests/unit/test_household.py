from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import HouseholdType, MemberRole
from workflows.rules.household import (
    Member,
    age_on,
    birthday,
    born_by,
    household_type,
    is_adult,
    rooms_needed,
)

TODAY = date(2017, 2, 1)
HEAD, PARTNER, CHILD, OTHER = MemberRole

births = st.dates(date(1930, 1, 1), TODAY)
households = st.lists(
    st.builds(Member, st.sampled_from((PARTNER, CHILD, OTHER)), births), max_size=9
).flatmap(lambda others: births.map(lambda birth: [Member(HEAD, birth), *others]))


def member(role: MemberRole, age: int) -> Member:
    return Member(role, date(TODAY.year - age, 1, 1))


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        (date(1999, 2, 1), TODAY, 18),
        (date(1999, 2, 2), TODAY, 17),
        (TODAY, TODAY, 0),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
    ],
)
def test_age(birth_date: date, day: date, age: int) -> None:
    assert age_on(birth_date, day) == age


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before the date of birth"):
        age_on(TODAY + timedelta(days=1), TODAY)


def test_somebody_is_adult_from_the_eighteenth_birthday() -> None:
    assert is_adult(date(1999, 2, 1), TODAY)
    assert not is_adult(date(1999, 2, 2), TODAY)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([(HEAD, 30)], "single"),
        ([(HEAD, 18)], "single"),
        ([(HEAD, 17)], "minor"),
        ([(HEAD, 17), (OTHER, 12)], "minor"),
        ([(HEAD, 30), (PARTNER, 28)], "couple"),
        ([(HEAD, 19), (PARTNER, 17)], "couple"),
        ([(HEAD, 17), (PARTNER, 19)], "couple"),
        ([(HEAD, 30), (PARTNER, 28), (CHILD, 3)], "family"),
        ([(HEAD, 30), (CHILD, 3)], "single_parent"),
        ([(HEAD, 30), (CHILD, 3), (CHILD, 0)], "single_parent"),
        ([(HEAD, 45), (CHILD, 19)], "family"),
        ([(HEAD, 45), (CHILD, 19), (CHILD, 10)], "family"),
        ([(HEAD, 30), (OTHER, 25)], "family"),
        ([(HEAD, 25), (OTHER, 14)], "family"),
        ([(HEAD, 30), (CHILD, 3), (OTHER, 14)], "family"),
        ([(HEAD, 17), (OTHER, 45)], "family"),
    ],
)
def test_household_type(members: list[tuple[MemberRole, int]], expected: str) -> None:
    assert household_type([member(*one) for one in members], TODAY) == expected


@pytest.mark.parametrize(
    ("members", "rooms"),
    [
        ([(HEAD, 30)], 1),
        ([(HEAD, 17)], 1),
        ([(HEAD, 30), (PARTNER, 28)], 1),
        ([(HEAD, 30), (CHILD, 3)], 3),
        ([(HEAD, 30), (PARTNER, 28), (CHILD, 3)], 3),
        ([(HEAD, 30), (PARTNER, 28), (CHILD, 3), (CHILD, 5)], 3),
        ([(HEAD, 30), (PARTNER, 28), (CHILD, 3), (CHILD, 5), (CHILD, 8)], 4),
        ([(HEAD, 50), (PARTNER, 48), (CHILD, 19), (CHILD, 5), (CHILD, 8)], 4),
        ([(HEAD, 30), (OTHER, 25)], 3),
        ([(HEAD, 17), (OTHER, 12)], 3),
    ],
)
def test_rooms_needed(members: list[tuple[MemberRole, int]], rooms: int) -> None:
    assert rooms_needed([member(*one) for one in members], TODAY) == rooms


def test_a_household_has_somebody() -> None:
    with pytest.raises(ValueError, match="at least one member"):
        household_type([], TODAY)
    with pytest.raises(ValueError, match="at least one member"):
        rooms_needed([], TODAY)


@given(births, st.integers(0, 60))
def test_a_birthday_is_the_first_day_of_an_age(birth_date: date, age: int) -> None:
    day = birthday(birth_date, age)
    assert age_on(birth_date, day) == age
    assert age == 0 or age_on(birth_date, day - timedelta(days=1)) == age - 1


@pytest.mark.parametrize("leap_day", [date(2016, 2, 29), date(2020, 2, 29)])
@given(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 60))
def test_who_was_born_by_a_day_has_the_age_then(
    leap_day: date, born: int, days: int, age: int
) -> None:
    """Around a leap day, where adding years and taking them off are no opposites."""
    day = leap_day + timedelta(days=days)
    birth_date = date(leap_day.year - age, 2, 28) + timedelta(days=born)
    assert (birth_date <= born_by(day, age)) == (
        birth_date <= day and age_on(birth_date, day) >= age
    )


@given(households)
def test_the_order_of_members_makes_no_difference(members: list[Member]) -> None:
    turned = members[::-1]
    assert household_type(turned, TODAY) == household_type(members, TODAY)
    assert rooms_needed(turned, TODAY) == rooms_needed(members, TODAY)


@given(households)
def test_each_type_means_what_it_says(members: list[Member]) -> None:
    adults = sum(is_adult(one.birth_date, TODAY) for one in members)
    found = household_type(members, TODAY)
    assert (found is HouseholdType.MINOR) == (adults == 0)
    assert (found is HouseholdType.SINGLE) == (adults == len(members) == 1)
    if found is HouseholdType.SINGLE_PARENT:
        assert adults == 1 < len(members)
    if found is HouseholdType.COUPLE:
        assert len(members) == 2


@given(households, births)
def test_another_child_never_needs_fewer_rooms(members: list[Member], birth_date: date) -> None:
    more = [*members, Member(CHILD, birth_date)]
    assert rooms_needed(members, TODAY) <= rooms_needed(more, TODAY) <= len(more) + 1
