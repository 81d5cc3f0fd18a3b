"""The report on fairness of a run: from real households, kept with it, read under the policy."""

from typing import Any

import pytest

from models.vocabulary import FairnessDimension, RunStatus
from tests.factories import household, household_in, member
from tests.world import World
from workflows.errors import NotFound
from workflows.matching import runs
from workflows.matching.fairness_report import fairness, result
from workflows.matching.propose import answer, read_input
from workflows.matching.runs import Wish
from workflows.reading.fairness import report, reports

OFFICER = "placement_officer"


def screened(world: World, number: int, **changes: Any) -> None:
    for _ in range(number):
        made = household_in("registered", world, [member(**changes)])
        for each in made.members:
            made.take(
                "screen",
                "case_manager",
                member=each,
                held_on=world.today,
                education_level="vocational",
            )
        made.take("complete_screening", "case_manager")


def done(world: World, wish: Wish, actor: str = OFFICER) -> str:
    """Carry out a run without writing proposals, and return its reference."""
    with world.engine.begin() as connection:
        reference = runs.start(connection, world.actors[actor], wish, world.moment)
        given = read_input(connection, world.actors[actor], wish.as_json(), world.moment)
        said = result(connection, answer(given, lambda _percent: None))
        runs.end(connection, reference, RunStatus.DONE, world.moment, result=said)
    return reference


def test_a_run_tells_of_each_group_of_ten_households(world: World) -> None:
    screened(world, 10, sex="female", languages=["Arabisch"])
    screened(world, 11, sex="male", languages=["Tigrinya"])
    household_in("screened", world, household(2, 4))
    reference = done(world, Wish())
    with world.engine.connect() as connection:
        said = report(connection, world.actors["manager"], reference).result
    found, fill = said["fairness"], said["balance"]
    groups = {(each["dimension"], each["group"]): each["households"] for each in found["groups"]}
    assert groups[FairnessDimension.SEX, "female"] in {10, 11}
    assert groups[FairnessDimension.SEX, "male"] == 11
    assert groups[FairnessDimension.LANGUAGE, "tigrinya"] == 11
    assert groups[FairnessDimension.HOUSEHOLD_TYPE, "single"] == 21
    assert min(groups.values()) >= 10
    assert found["worst"]["share"] == min(
        each["share"] for each in found["groups"] if each["share"] is not None
    )
    assert 0 <= fill["least"] <= fill["p5"] <= fill["median"]
    assert found["mix"]["large_family"] == {"households": 1, "municipalities": 1}
    assert sum(each["households"] for each in found["mix"].values()) == 22


def test_the_report_is_the_same_for_the_same_run_and_sex_moves_no_proposal(world: World) -> None:
    screened(world, 12)
    with world.engine.connect() as connection:
        given = read_input(connection, world.actors[OFFICER], Wish().as_json(), world.moment)
    found = answer(given, lambda _percent: None)
    adults = [
        each.seeker.adults[0].person_id for each in given.scene.households if each.seeker.adults
    ]
    women, men = (fairness(found, dict.fromkeys(adults, sex)) for sex in ("female", "male"))
    assert women == fairness(found, dict.fromkeys(adults, "female"))
    named = [each["group"] for each in men["groups"] if each["dimension"] == "sex"]
    assert named == ["male"]


def test_a_report_is_for_who_decides_and_who_answers_for_it(world: World) -> None:
    screened(world, 1)
    batch, own = done(world, Wish()), done(world, Wish(quotas={"GM0344": 5}))
    with world.engine.connect() as connection:
        assert {each.reference for each in reports(connection, world.actors[OFFICER])} == {
            batch,
            own,
        }
        others = reports(connection, world.actors["far_placement_officer"])
        assert [each.reference for each in others] == [batch]
        with pytest.raises(NotFound):
            report(connection, world.actors["far_placement_officer"], own)
        for stranger in ("case_manager", "utrecht"):
            with pytest.raises(NotFound):
                reports(connection, world.actors[stranger])
