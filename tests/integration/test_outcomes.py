"""Work and study after moving in: when it is measured, by whom, and how it is corrected."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from models import Norm, Outcome
from models.vocabulary import CaseState
from tests.factories import Household, household, household_in, member, refusal
from tests.world import AMSTERDAM, World
from workflows.errors import NotFound, Refused
from workflows.reading.outcomes import count_due, due_outcomes, held_outcomes
from workflows.rules.norms import NormCode, add_months
from workflows.rules.outcomes import (
    MEASURED_AFTER,
    measured_from,
    measured_until,
    months_to_measure,
)

MONTHS = st.sampled_from(MEASURED_AFTER)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def after(made: Household, months: int, days: int = 0) -> Household:
    """Return a household so long after it moved in."""
    return made.on(add_months(made.world.today, months) + timedelta(days=days))


def outcome(made: Household, months: int, who: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "member": made.members[who],
        "kind": "work",
        "months_after": str(months),
        "measured_on": made.world.today,
        **changes,
    }


def kept(made: Household) -> list[tuple[str, int, bool]]:
    with made.world.engine.connect() as connection:
        rows = connection.execute(
            select(Outcome.kind, Outcome.months_after, Outcome.corrects)
            .where(Outcome.case_id == made.row().id)
            .order_by(Outcome.id)
        )
        return [(row[0], row[1], row[2] is not None) for row in rows]


@given(DAYS, DAYS)
def test_one_measurement_at_most_is_open_on_a_day(housed_on: date, day: date) -> None:
    found = [
        months
        for months in MEASURED_AFTER
        if measured_from(housed_on, months)
        <= day
        <= (measured_until(housed_on, months) or date.max)
    ]
    assert found == [each for each in [months_to_measure(housed_on, day)] if each is not None]


@pytest.mark.parametrize("state", [CaseState.HOUSED, CaseState.CLOSED])
def test_the_municipality_records_each_measurement_in_its_time(
    shared_world: World, state: str
) -> None:
    made = household_in(state, shared_world)
    for months in MEASURED_AFTER:
        early = after(made, months - 1, -1)
        assert refusal(early, "record_outcome", "utrecht", **outcome(early, months)).code == (
            "too_early"
        )
        then = after(made, months - 1)
        then.take("record_outcome", "utrecht", **outcome(then, months))
    assert [months for _, months, _ in kept(made)] == [6, 12, 24]
    late = after(made, 11)
    said = refusal(late, "record_outcome", "utrecht", **outcome(late, 6))
    assert (said.code, said.field_name) == ("too_late", "months_after")


def test_a_child_and_who_did_not_move_have_no_outcome(shared_world: World) -> None:
    made = after(household_in("closed", shared_world, household(1, 1)), 6)
    said = refusal(made, "record_outcome", "utrecht", **outcome(made, 6, who=1))
    assert (said.code, said.field_name) == ("minor", "member")
    for long_ago in (date(1, 1, 1), date(1990, 1, 1)):
        early = outcome(made, 6, who=1, measured_on=long_ago)
        assert refusal(made, "record_outcome", "utrecht", **early).code == "too_early"
    part = household_in("moving", shared_world, household(2))
    part.take("sign_lease", "utrecht", title_on=shared_world.today)
    part.take("house", "utrecht", housed_on=shared_world.today, moved=part.members[:1])
    late = after(part, 6)
    assert refusal(late, "record_outcome", "utrecht", **outcome(late, 6, who=1)).code == (
        "not_moved"
    )


@pytest.mark.parametrize(
    ("closed", "last"),
    [
        (date(2018, 2, 28), date(2020, 2, 28)),
        (date(2018, 3, 1), date(2020, 3, 1)),
        (date(2020, 2, 29), date(2022, 2, 28)),
    ],
)
def test_the_last_measurement_can_be_held_on_its_day_in_a_leap_year_too(
    shared_world: World, closed: date, last: date
) -> None:
    made = household_in("closed", shared_world.on(closed))
    assert made.row().outcome_access_until == last
    over = made.on(last + timedelta(days=1))
    with pytest.raises(NotFound):
        over.take("record_outcome", "utrecht", **outcome(over, 24))
    then = made.on(last)
    with made.world.engine.connect() as connection:
        actor = made.world.actors["utrecht"]
        assert made.case in {each.case for each in due_outcomes(connection, actor, last)}
        assert made.case not in {
            each.case for each in due_outcomes(connection, actor, over.world.today)
        }
    then.take("record_outcome", "utrecht", **outcome(then, 24))
    assert kept(made) == [("work", 24, False)]


def test_another_norm_holds_for_what_is_closed_from_its_day_on(world: World) -> None:
    begins = world.today + timedelta(days=1)
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        norm = update(Norm).where(Norm.code == NormCode.OUTCOME_ACCESS)
        connection.execute(norm.values(valid_until=begins))
        connection.execute(
            insert(Norm).values(
                code=NormCode.OUTCOME_ACCESS, amount=6, valid_from=begins, source="a decision"
            )
        )
    assert household_in("closed", world).row().outcome_access_until == date(2019, 2, 1)
    shorter = household_in("closed", world.on(begins))
    assert shorter.row().outcome_access_until == date(2017, 8, 2)
    over = after(shorter, 6, 1)
    with pytest.raises(NotFound):
        over.take("record_outcome", "utrecht", **outcome(over, 6))


def test_a_second_outcome_corrects_the_first_and_says_why(shared_world: World) -> None:
    made = after(household_in("closed", shared_world), 6)
    early = outcome(made, 6, wrong="Verkeerde persoon.")
    assert refusal(made, "record_outcome", "utrecht", **early).code == "not_recorded"
    made.take("record_outcome", "utrecht", **outcome(made, 6))
    again = outcome(made, 6, kind="neither")
    said = refusal(made, "record_outcome", "utrecht", **again)
    assert (said.code, said.field_name) == ("recorded", "wrong")
    for kind in ("neither", "study"):
        right = outcome(made, 6, kind=kind, wrong="Verkeerde persoon.")
        made.take("record_outcome", "utrecht", **right)
    assert kept(made) == [("work", 6, False), ("neither", 6, True), ("study", 6, True)]
    with made.world.engine.connect() as connection:
        actor = made.world.actors["utrecht"]
        [held] = [
            each
            for each in held_outcomes(connection, actor, made.world.today)
            if each.case == made.case
        ]
    assert (held.kind, held.corrected) == ("study", True)


def test_two_first_outcomes_cannot_stand_beside_each_other(shared_world: World) -> None:
    made = after(household_in("closed", shared_world), 6)
    made.take("record_outcome", "utrecht", **outcome(made, 6))
    with made.world.engine.begin() as connection:
        row = connection.execute(
            select(Outcome.__table__).where(Outcome.case_id == made.row().id)
        ).one()
        values = {**row._asdict()}
        del values["id"]
        with pytest.raises(IntegrityError, match="uq_outcome_first"):
            connection.execute(insert(Outcome).values(**values))


def test_only_the_municipality_of_the_home_sees_what_is_due(world: World) -> None:
    made = household_in("closed", world, household(2, 1))
    elsewhere = household_in("closed", world, [member()], municipality=AMSTERDAM)
    then = after(made, 6)
    with world.engine.connect() as connection:
        for day, due in ((after(made, 5, -1), 0), (after(made, 5), 2), (then, 2)):
            today = day.world.today
            actor = world.actors["utrecht"]
            found = due_outcomes(connection, actor, today)
            assert [each.case for each in found] == [made.case] * due
            assert count_due(connection, actor, today) == due
        assert {each.person for each in found} == set(made.members[:2])
        assert {each.due_on for each in found} == {then.world.today}
        [theirs] = due_outcomes(connection, world.actors["amsterdam"], then.world.today)
        assert theirs.case == elsewhere.case
        for who in ("case_manager", "placement_officer", "manager", "utrecht_coordinator"):
            assert due_outcomes(connection, world.actors[who], then.world.today) == []
    then.take("record_outcome", "utrecht", **outcome(then, 6))
    with world.engine.connect() as connection:
        [left] = due_outcomes(connection, world.actors["utrecht"], then.world.today)
        assert left.person == made.members[1]
        # What was missed is over when the next measurement begins.
        later = due_outcomes(connection, world.actors["utrecht"], after(made, 11).world.today)
        assert sorted(each.months for each in later) == [12, 12]
        last = after(made, 24, 30).world.today
        assert due_outcomes(connection, world.actors["utrecht"], last) == []


def test_the_list_shows_only_what_the_step_takes(world: World) -> None:
    """Whatever day it is, each row can be recorded, and who is not on it cannot."""
    made = household_in("closed", world, [member(born="1999-05-01"), member("other")])
    for days in range(100, 760, 30):
        then = made.on(world.today + timedelta(days=days))
        with world.engine.connect() as connection:
            found = due_outcomes(connection, world.actors["utrecht"], then.world.today)
        listed = {(each.person, each.months) for each in found}
        for who, reference in enumerate(made.members):
            for months in MEASURED_AFTER:
                try:
                    then.take("record_outcome", "utrecht", **outcome(then, months, who))
                except (Refused, NotFound):
                    assert (reference, months) not in listed
                else:
                    assert (reference, months) in listed
