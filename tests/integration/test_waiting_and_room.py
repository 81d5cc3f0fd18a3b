"""Who waits for a link and what municipalities can take, as the step itself would find it."""

from datetime import date

from models.vocabulary import EducationLevel
from tests.factories import household, household_in, refusal
from tests.world import BUNNIK, EXEMPT, TINY, UTRECHT, World
from workflows.matching.data import SupplyRow, store
from workflows.matching.facts import Adult
from workflows.matching.room import Room, kinds_of_home, room_on
from workflows.matching.waiting import Waiting, waiting_households
from workflows.quota.period import HalfYear
from workflows.quota.reservation import half_year_of_move
from workflows.reading.rules import norms

JOB = {"occupation": "7115", "years": 4}


def waiting(world: World, *references: str, actor: str = "placement_officer") -> list[Waiting]:
    with world.engine.connect() as connection:
        return waiting_households(connection, world.actors[actor], world.today, references or None)


def room(world: World, code: str) -> Room:
    with world.engine.connect() as connection:
        return room_on(connection, world.today)[code]


def test_a_household_comes_with_its_screened_adults(world: World) -> None:
    made = household_in("registered", world, household(2, 1))
    head, partner, _ = made.members
    ask = {"held_on": world.today}
    made.take("screen", "case_manager", member=head, education_level="none", **ask)
    made.take(
        "screen",
        "case_manager",
        member=head,
        education_level="master",
        work_experience=[JOB],
        network_municipality=BUNNIK,
        **ask,
    )
    made.take("screen", "case_manager", member=partner, absence="ill", **ask)
    made.take("complete_screening", "case_manager", advised_regions=[14, 10])
    [found] = waiting(world)
    [adult] = found.seeker.adults
    assert adult == Adult(
        person_id=adult.person_id,
        education=EducationLevel.MASTER,
        jobs=(("7115", 4),),
        languages=frozenset({"arabisch"}),
        network=BUNNIK,
    )
    assert (found.reference, found.version) == (made.case, made.row().version)
    assert (found.seeker.persons, found.seeker.centre) == (3, UTRECHT)
    assert found.seeker.advised_regions == {10, 14}


def test_only_screened_households_in_reach_wait_and_the_most_urgent_first(world: World) -> None:
    late = household_in("screened", world, permit_on=date(2016, 12, 1))
    soon = household_in("screened", world, permit_on=date(2017, 1, 20))
    household_in("registered", world)
    household_in("linked", world)
    still = household_in("screened", world)
    still.take("suspend", "case_manager", reason="illness", until=date(2017, 3, 1))
    assert [each.reference for each in waiting(world)] == [late.case, soon.case]
    assert [each.reference for each in waiting(world, soon.case, still.case)] == [soon.case]
    assert waiting(world, actor="case_manager") == []
    assert waiting(world, actor="far_placement_officer") == []


def test_the_room_is_that_which_the_step_finds(world: World) -> None:
    made = household_in("screened", world, household(2, 2))
    [found] = waiting(world)
    with world.engine.connect() as connection:
        until = half_year_of_move(
            norms(connection), found.permit_on, found.suspended_days, world.today
        )
    said = refusal(made, "link", "placement_officer", municipality=TINY)
    assert said.values["room"] == room(world, TINY).persons(until)
    assert room(world, EXEMPT).exempt


def test_a_link_takes_room_and_a_dwelling(world: World) -> None:
    rows = [
        SupplyRow.model_validate(
            {"municipality_code": UTRECHT, "month": month, "kind": kind, "units": units}
            | {"source": "test"}
        )
        for month, kind, units in (
            ("2017-01", "family", 50),
            ("2017-02", "family", 3),
            ("2017-06", "family", 4),
            ("2017-07", "family", 50),
            ("2017-02", "large_family", 1),
        )
    ]
    with world.engine.begin() as connection:
        store(connection, world.actors["functional_manager"], rows, world.moment)
    before = room(world, UTRECHT)
    assert before.dwellings == {"family": 7, "large_family": 1}
    household_in("linked", world, household(2, 4))
    household_in("linked", world)
    household_in("housed", world, household(2, 4))
    after = room(world, UTRECHT)
    half_year = HalfYear.of_date(world.today)
    assert after.dwellings == {"family": 6, "large_family": 0}
    assert before.persons(half_year) - after.persons(half_year) == 13
    assert room(world, BUNNIK).dwellings == {}


def test_a_household_takes_a_home_of_its_kinds() -> None:
    assert kinds_of_home(1, ()) == {"one_person"}
    assert kinds_of_home(2, ("quiet",)) == {"family"}
    assert kinds_of_home(6, ("wheelchair",)) == {"family", "large_family", "accessible"}
