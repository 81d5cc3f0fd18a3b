"""The tables behind promising links: kept by the functional manager, read as of a day."""

from datetime import date

import pytest
from pydantic import ValidationError

from tests.world import BUNNIK, UTRECHT, World
from webapp.demo.market import market
from workflows.errors import NotFound
from workflows.matching.data import CareRow, DemandRow, LanguageRow, Row, SupplyRow, store
from workflows.matching.facts import Place
from workflows.matching.reading import market_on, places_on, weights_on

SOURCE = "test"


def demand(valid_from: str, vacancies: int) -> DemandRow:
    return DemandRow.model_validate(
        {
            "region_number": 14,
            "occupation_group": "71",
            "valid_from": valid_from,
            "vacancies": vacancies,
            "seekers": 10,
            "source": SOURCE,
        }
    )


def keep(world: World, *rows: Row, actor: str = "functional_manager") -> None:
    with world.engine.begin() as connection:
        store(connection, world.actors[actor], rows, world.moment)


def place(world: World, code: str) -> Place:
    with world.engine.connect() as connection:
        return next(each for each in places_on(connection, world.today) if each.code == code)


def test_the_newest_figure_that_holds_counts(world: World) -> None:
    keep(world, demand("2016-01-01", 5), demand("2017-01-01", 20), demand("2018-01-01", 90))
    with world.engine.connect() as connection:
        assert market_on(connection, world.today).demand == {(14, "71"): (20, 10)}
        assert market_on(connection, date(2016, 6, 1)).demand == {(14, "71"): (5, 10)}
        assert market_on(connection, date(2015, 6, 1)).demand == {}


def test_storing_again_changes_nothing_and_another_figure_replaces(world: World) -> None:
    for vacancies in (5, 5, 8):
        keep(world, demand("2016-01-01", vacancies))
    with world.engine.connect() as connection:
        assert market_on(connection, world.today).demand == {(14, "71"): (8, 10)}


def test_help_in_a_language_is_known_by_any_case(world: World) -> None:
    row = {"municipality_code": BUNNIK, "valid_from": "2017-01-01", "source": SOURCE}
    keep(world, LanguageRow.model_validate(row | {"language": " Arabisch "}))
    keep(
        world,
        LanguageRow.model_validate(row | {"language": "dari", "valid_until": "2017-02-01"}),
    )
    assert place(world, BUNNIK).languages == {"arabisch"}
    assert place(world, UTRECHT).languages == frozenset()


def test_the_first_weights_hold(world: World) -> None:
    with world.engine.connect() as connection:
        weights = weights_on(connection, world.today)
        assert (weights.version, sum(weights.terms.values())) == (1, 100)
        with pytest.raises(LookupError, match="no weights"):
            weights_on(connection, date(1999, 1, 1))


@pytest.mark.parametrize("actor", ["case_manager", "placement_officer", "supervisor", "auditor"])
def test_only_the_functional_manager_keeps_the_tables(world: World, actor: str) -> None:
    with pytest.raises(NotFound):
        keep(world, demand("2016-01-01", 5), actor=actor)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (DemandRow, "region_number", 36),
        (DemandRow, "occupation_group", "7115"),
        (DemandRow, "vacancies", -1),
        (SupplyRow, "units", 1.5),
        (SupplyRow, "month", "2017-13"),
        (SupplyRow, "kind", "castle"),
        (SupplyRow, "municipality_code", "Utrecht"),
        (CareRow, "kind", "dentist"),
        (LanguageRow, "language", ""),
        (LanguageRow, "source", ""),
    ],
)
def test_a_wrong_value_is_refused_by_its_column(kind: type[Row], field: str, value: object) -> None:
    right: dict[str, object] = {
        "region_number": 1,
        "occupation_group": "71",
        "valid_from": "2016-01-01",
        "vacancies": 1,
        "seekers": 1,
        "municipality_code": UTRECHT,
        "month": "2017-02",
        "units": 1,
        "language": "dari",
        "source": SOURCE,
        "kind": "one_person" if kind is SupplyRow else "burns",
    }
    given = {name: right[name] for name in kind.model_fields if name in right}
    kind.model_validate(given)
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(given | {field: value})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]


def test_the_figures_of_the_demo_are_the_same_each_time_and_say_that_they_are_made_up(
    world: World,
) -> None:
    tables = list(market(7, date(2016, 12, 31)))
    assert tables == list(market(7, date(2016, 12, 31)))
    assert tables != list(market(8, date(2016, 12, 31)))
    assert all("verzonnen" in row.source for rows in tables for row in rows)
    for rows in tables:
        keep(world, *rows)
    with world.engine.connect() as connection:
        assert len(market_on(connection, world.today).demand) == 35 * 43
