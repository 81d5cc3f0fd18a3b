"""Nationality, sex and health move no proposal: permuted over the households, none changes."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import Connection, text

from models import Base
from models.vocabulary import FunctionalNeed
from tests.factories import household_in, member
from tests.world import BUNNIK, UTRECHT, World
from workflows.matching.data import LanguageRow, SupplyRow, store
from workflows.matching.facts import Adult, Place, Seeker
from workflows.matching.propose import Input, answer, read_input
from workflows.matching.runs import Wish
from workflows.matching.waiting import Waiting

NATIONS = ("SYR", "ERI", "IRQ", "AFG")
# What the dwelling must offer does count: the others are matters of health or school alone.
OTHER_NEEDS = [need.value for need in FunctionalNeed if need is not FunctionalNeed.WHEELCHAIR]
Read = Callable[[Connection, World], Input]


def read(connection: Connection, world: World) -> Input:
    return read_input(connection, world.actors["placement_officer"], Wish().as_json(), world.moment)


def read_with_nationality(connection: Connection, world: World) -> Input:
    """Plant a defect: nationality slips in as a language, and somewhere there is help in it."""
    given = read(connection, world)
    nations: dict[Any, str] = {
        row.id: row.nationality.casefold()
        for row in connection.execute(text("SELECT id, nationality FROM person"))
    }

    def tainted(waiting: Waiting) -> Waiting:
        adults = tuple(
            replace(adult, languages=adult.languages | {nations[adult.person_id]})
            for adult in waiting.seeker.adults
        )
        return replace(waiting, seeker=replace(waiting.seeker, adults=adults))

    return replace(
        given,
        scene=replace(given.scene, households=tuple(map(tainted, given.scene.households))),
    )


def read_with_health(connection: Connection, world: World) -> Input:
    """Plant a defect: whoever needs quiet is sent to a region of its own."""
    given = read(connection, world)
    needing = {each.case_id for each in given.scene.households if "quiet" in each.functional_needs}
    households = tuple(
        replace(each, seeker=replace(each.seeker, advised_regions=frozenset({1})))
        if each.case_id in needing
        else each
        for each in given.scene.households
    )
    return replace(given, scene=replace(given.scene, households=households))


def proposed(world: World, reading: Read) -> list[Any]:
    """Return all that is said of each household, in the order of the run."""
    with world.engine.connect() as connection:
        found = answer(reading(connection, world), lambda _percent: None)
    households = found.assembled.scene.households
    return [
        (household.reference, each.as_json())
        for household, each in zip(households, found.explanations, strict=True)
    ]


def permute(world: World) -> None:
    """Give each person and household the attributes of the next one."""
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        for statement in (
            """UPDATE person p SET nationality = n.nationality, sex = n.sex FROM (
                 SELECT id, coalesce(lead(nationality) OVER w, first_value(nationality) OVER w)
                            AS nationality,
                        coalesce(lead(sex) OVER w, first_value(sex) OVER w) AS sex
                   FROM person WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                            AND UNBOUNDED FOLLOWING)) n WHERE n.id = p.id""",
            """UPDATE case_file c SET functional_needs = n.needs FROM (
                 SELECT id, coalesce(lead(functional_needs) OVER w,
                                     first_value(functional_needs) OVER w) AS needs
                   FROM case_file WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                               AND UNBOUNDED FOLLOWING)) n WHERE n.id = c.id""",
        ):
            connection.execute(text(statement))


@pytest.fixture
def households(world: World) -> World:
    """Return a world in which eight households of all sorts wait, with scarce homes."""
    for number in range(8):
        person = member(
            nationality=NATIONS[number % 4],
            sex=("female", "male")[number // 2 % 2],
            languages=["Arabisch"],
        )
        made = household_in("registered", world, [person])
        made.take(
            "screen",
            "case_manager",
            member=made.members[0],
            held_on=world.today,
            education_level=("none", "vocational", "master")[number % 3],
            functional_needs=[OTHER_NEEDS[number % len(OTHER_NEEDS)]],
        )
        made.take("complete_screening", "case_manager")
    helping = [
        LanguageRow(municipality_code=code, language=nation, valid_from=world.today, source="test")
        for code, nation in ((UTRECHT, "syr"), (BUNNIK, "eri"))
    ]
    homes = SupplyRow.model_validate(
        {
            "municipality_code": BUNNIK,
            "month": "2017-02",
            "kind": "one_person",
            "units": 3,
            "source": "test",
        }
    )
    with world.engine.begin() as connection:
        store(connection, world.actors["functional_manager"], helping, world.moment)
        store(connection, world.actors["functional_manager"], [homes], world.moment)
    return world


def test_permuting_forbidden_attributes_changes_no_proposal_holds(households: World) -> None:
    before = proposed(households, read)
    permute(households)
    assert proposed(households, read) == before
    assert len(before) == 8


@pytest.mark.parametrize("defect", [read_with_nationality, read_with_health])
def test_permuting_catches_an_attribute_that_slips_in(households: World, defect: Read) -> None:
    before = proposed(households, defect)
    permute(households)
    assert proposed(households, defect) != before


def test_facts_of_a_score_name_no_forbidden_attribute_holds() -> None:
    named = {each.name for kind in (Adult, Seeker, Place) for each in fields(kind)}
    assert named.isdisjoint(
        {"nationality", "sex", "religion", "health", "functional_needs", "birth_date", "name"}
    )
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert columns.isdisjoint({"religion", "belief", "ethnicity", "diagnosis"})
