"""The problem of a run: who may go where and why not, and room as the step will count it."""

from datetime import date

import numpy as np
import pytest

from models.vocabulary import Exclusion, SupplyKind
from tests.factories import household, household_in
from tests.world import AMSTERDAM, BUNNIK, EXEMPT, GRONINGEN, TINY, UTRECHT, World
from workflows.matching.assemble import EXCLUSIONS, FREE, Assembled, assemble
from workflows.matching.data import SupplyRow, store
from workflows.matching.scene import scene_on
from workflows.quota.period import HalfYear


def assembled(world: World, closed: frozenset[str] = frozenset(), balance: float = 0) -> Assembled:
    """Return the problem of all households that the placement officer may link."""
    with world.engine.connect() as connection:
        scene = scene_on(connection, world.actors["placement_officer"], world.today, closed=closed)
    scores = np.ones((len(scene.households), len(scene.places)))
    return assemble(scene, scores, balance)


def why_not(made: Assembled, household_number: int, code: str) -> str | None:
    codes = [place.code for place in made.scene.places]
    found = made.exclusions[household_number, codes.index(code)]
    return None if found == FREE else EXCLUSIONS[found]


def room(made: Assembled, code: str, row: HalfYear | SupplyKind) -> int:
    codes = [place.code for place in made.scene.places]
    return int(made.problem.room[codes.index(code), made.rows.index(row)])


def test_a_pair_is_excluded_for_a_reason(world: World) -> None:
    criteria = [{"criterion": "existing_work", "municipality": UTRECHT, "evidence": "brief"}]
    household_in("screened", world, household(2, 2), criteria=criteria)
    made = assembled(world, closed=frozenset({BUNNIK}))
    assert why_not(made, 0, UTRECHT) is None
    assert why_not(made, 0, AMSTERDAM) == Exclusion.HARD_CRITERION
    assert why_not(made, 0, EXEMPT) == Exclusion.EXEMPT
    assert why_not(made, 0, BUNNIK) == Exclusion.CLOSED
    assert np.array_equal(np.isfinite(made.problem.value), made.exclusions == FREE)


def test_a_household_larger_than_the_room_or_any_home_is_excluded(world: World) -> None:
    row = {"municipality_code": UTRECHT, "month": "2017-02", "units": 0, "source": "test"}
    supply = SupplyRow.model_validate(row | {"kind": "large_family"})
    with world.engine.begin() as connection:
        store(connection, world.actors["functional_manager"], [supply], world.moment)
    household_in("screened", world, household(2, 4))
    household_in("screened", world, household(2))
    made = assembled(world)
    assert why_not(made, 0, TINY) == Exclusion.NO_ROOM
    assert why_not(made, 0, UTRECHT) == Exclusion.NO_DWELLING
    assert why_not(made, 1, TINY) is None
    assert why_not(made, 1, UTRECHT) is None


def test_who_moves_later_counts_for_later_rooms_only(world: World) -> None:
    household_in("screened", world, household(2, 1), permit_on=date(2017, 1, 30))
    late = household_in("screened", world, household(2))
    late.take("suspend", "case_manager", reason="illness", until=date(2017, 3, 1))
    world.on(date(2017, 3, 1)).take("resume", "case_manager", {}, late.case)
    later = world.on(date(2017, 4, 20))
    made = assembled(later)
    first, second = HalfYear(2017, 1), HalfYear(2017, 2)
    assert made.rows[:2] == (second, SupplyKind.ONE_PERSON) or made.rows[:2] == (first, second)
    halves = [row for row in made.rows if isinstance(row, HalfYear)]
    for number, move in enumerate(made.scene.moves):
        persons = made.scene.households[number].seeker.persons
        expected = [persons if move <= half else 0 for half in halves]
        assert made.problem.use[number, : len(halves)].tolist() == expected
    assert all(
        room(made, code, half) == made.scene.rooms[code].persons(half)
        for code in (UTRECHT, TINY, GRONINGEN)
        for half in halves
    )


def test_whoever_waits_beyond_the_term_weighs_more(world: World) -> None:
    household_in("screened", world, household(2), permit_on=date(2016, 1, 1))
    household_in("screened", world, household(2), permit_on=date(2017, 1, 30))
    made = assembled(world)
    assert made.problem.loss.tolist() == [pytest.approx(4.0), pytest.approx(2.0)]


def test_the_balance_takes_from_who_has_given_most(world: World) -> None:
    household_in("linked", world, household(2, 1), municipality=TINY)
    household_in("screened", world)
    even, levelled = assembled(world), assembled(world, balance=0.05)
    lost = even.problem.score[0] - levelled.problem.score[0]
    codes = [place.code for place in even.scene.places]
    assert lost[codes.index(TINY)] == pytest.approx(0.05)
    assert lost[codes.index(UTRECHT)] < 0.05
    assert np.array_equal(even.scores, levelled.scores)


def test_nobody_waits(world: World) -> None:
    made = assembled(world)
    assert made.problem.households == 0
    assert made.problem.places == len(made.scene.places)
