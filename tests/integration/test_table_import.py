"""Tables behind the score from a file, from a municipality, and as versions of the weights."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models import AuditEntry, HousingSupply
from tests.world import AMSTERDAM, UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.matching.data import CareRow, DemandRow, LanguageRow, Row, SupplyRow
from workflows.matching.reading import market_on, weights_on
from workflows.matching.supply_report import SupplyReport, expected_supply, report_supply
from workflows.matching.table_import import InvalidTable, TableTaken, take_table
from workflows.matching.weights import WeightsVersion, add_weights, versions

MANAGER = "functional_manager"
DEMAND = "14,71,2017-01-01,20,10,UWV januari 2017"
REPORT = {
    "municipality": UTRECHT,
    "month": date(2017, 3, 14),
    "one_person": 4,
    "family": 3,
    "large_family": 1,
    "accessible": 0,
}
WEIGHTS = {
    "valid_from": date(2017, 3, 1),
    "occupation_weight": 1,
    "education_weight": 0,
    "network_weight": 0,
    "language_weight": 0,
    "advice_weight": 0,
    "nearness_weight": 3,
    "balance": 200,
    "reason": "proef",
}


def taken(
    world: World,
    kind: type[Row],
    rows: Sequence[str],
    *,
    head: str | None = None,
    actor: str | None = MANAGER,
    dry_run: bool = False,
) -> TableTaken:
    """Give a file with rows, and return what came of it."""
    file = io.BytesIO("\n".join([head or ",".join(kind.columns()), *rows, ""]).encode())
    with world.engine.begin() as connection:
        who = None if actor is None else world.actors[actor]
        return take_table(connection, who, kind, file, world.moment, dry_run=dry_run)


def demand(world: World) -> dict[tuple[int, str], tuple[int, int]]:
    with world.engine.connect() as connection:
        return dict(market_on(connection, world.today).demand)


def test_a_file_is_stored_once_however_often_it_is_given(world: World) -> None:
    rows = [DEMAND, "14,22,2017-01-01,5,9,UWV januari 2017"]
    assert taken(world, DemandRow, rows, dry_run=True) == TableTaken(2, 0)
    assert demand(world) == {}
    assert taken(world, DemandRow, rows, actor=None) == TableTaken(2, 2)
    assert taken(world, DemandRow, rows) == TableTaken(2, 0)
    assert taken(world, DemandRow, [rows[0], rows[1].replace(",5,", ",6,")]) == TableTaken(2, 1)
    assert demand(world) == {(14, "71"): (20, 10), (14, "22"): (6, 9)}
    with world.engine.connect() as connection:
        audits = connection.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "matching_data_stored")
        ).all()
    assert audits == [None, world.actors[MANAGER].user_id]


def test_every_wrong_value_is_told_by_row_and_column_and_nothing_is_stored(world: World) -> None:
    rows = [
        DEMAND,
        "36,71,2017-01-01,20,10,x",
        "14,7,2017-13-01,-1,veel,",
        DEMAND,
        "14,71,2017-01-01",
    ]
    with pytest.raises(InvalidTable) as caught:
        taken(world, DemandRow, rows)
    found = {(each.row, each.column) for each in caught.value.problems}
    assert found == {
        (3, "region_number"),
        (4, "occupation_group"),
        (4, "valid_from"),
        (4, "vacancies"),
        (4, "seekers"),
        (4, "source"),
        (5, "region_number"),
        (6, "region_number"),
    }
    assert "rij 5, region_number: Deze rij staat ook op regel 2." in str(caught.value)
    assert demand(world) == {}


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        (SupplyRow, "GM9999,2017-03,family,4,bron", "municipality_code"),
        (SupplyRow, f"{UTRECHT},2017-03-02,family,4,bron", "month"),
        (SupplyRow, f"{UTRECHT},2017-03,castle,4,bron", "kind"),
        (CareRow, f"{UTRECHT},burns,2017-03-01,2017-03-01,bron", "valid_until"),
        (LanguageRow, f"{UTRECHT},x,2017-03-01,,bron", "language"),
    ],
)
def test_each_table_checks_its_own_columns(
    world: World, kind: type[Row], row: str, column: str
) -> None:
    with pytest.raises(InvalidTable) as caught:
        taken(world, kind, [row])
    assert [each.column for each in caught.value.problems] == [column]


def test_each_table_takes_a_right_file(world: World) -> None:
    for kind, row in (
        (SupplyRow, f"{UTRECHT},2017-03,family,4,bron"),
        (CareRow, f"{UTRECHT},burns,2017-03-01,,bron"),
        (LanguageRow, f"{UTRECHT},Dari,2017-03-01,2018-01-01,bron"),
    ):
        assert taken(world, kind, [row]) == TableTaken(1, 1)
        assert taken(world, kind, [row]) == TableTaken(1, 0)


def test_another_head_and_another_user_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="eerste rij"):
        taken(world, DemandRow, [DEMAND], head="regio,groep")
    for stranger in ("placement_officer", "utrecht", "auditor"):
        with pytest.raises(NotFound):
            taken(world, DemandRow, [DEMAND], actor=stranger)


def test_a_municipality_reports_for_itself_alone(world: World) -> None:
    with world.engine.begin() as connection:
        own, moment = world.actors["utrecht"], world.moment
        given = SupplyReport.model_validate(REPORT)
        assert report_supply(connection, own, given, moment) == 4
        assert report_supply(connection, own, given, moment) == 0
        for stranger in ("amsterdam", "case_manager", "placement_officer", MANAGER):
            with pytest.raises(NotFound):
                report_supply(connection, world.actors[stranger], given, moment)
        found = expected_supply(connection, own, world.today)
        assert {(each.month, each.kind, each.units, each.source) for each in found} == {
            (date(2017, 3, 1), "one_person", 4, "Opgave van de gemeente"),
            (date(2017, 3, 1), "family", 3, "Opgave van de gemeente"),
            (date(2017, 3, 1), "large_family", 1, "Opgave van de gemeente"),
            (date(2017, 3, 1), "accessible", 0, "Opgave van de gemeente"),
        }
        assert expected_supply(connection, world.actors["amsterdam"], world.today) == []
        assert connection.scalars(select(HousingSupply.municipality_code)).all() == [UTRECHT] * 4


@pytest.mark.parametrize(
    ("change", "field"),
    [({"month": date(2017, 1, 31)}, "month"), ({"large_family": 4}, "large_family")],
)
def test_a_report_that_cannot_be_is_refused(
    world: World, change: dict[str, object], field: str
) -> None:
    report = SupplyReport.model_validate(REPORT | change)
    with world.engine.begin() as connection, pytest.raises(Refused) as caught:
        report_supply(connection, world.actors["utrecht"], report, world.moment)
    assert caught.value.field_name == field
    other = SupplyReport.model_validate(REPORT | {"municipality": AMSTERDAM})
    with world.engine.begin() as connection, pytest.raises(NotFound):
        report_supply(connection, world.actors["utrecht"], other, world.moment)


def test_new_weights_are_a_version_that_holds_from_its_day(world: World) -> None:
    with world.engine.begin() as connection:
        manager = world.actors[MANAGER]
        number = add_weights(
            connection, manager, WeightsVersion.model_validate(WEIGHTS), world.moment
        )
        assert (number, [each.version for each in versions(connection, manager)]) == (2, [2, 1])
        newest = versions(connection, manager)[0]
        assert (newest.reason, newest.balance, newest.made_by) == ("proef", 200, manager.name)
        assert weights_on(connection, world.today).version == 1
        assert weights_on(connection, date(2017, 3, 1)).version == 2
        with pytest.raises(NotFound):
            add_weights(
                connection,
                world.actors["placement_officer"],
                WeightsVersion.model_validate(WEIGHTS),
                world.moment,
            )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": date(2017, 1, 31)}, "valid_from"),
        ({"occupation_weight": 0, "nearness_weight": 0}, "occupation_weight"),
    ],
)
def test_weights_that_cannot_be_are_refused(
    world: World, change: dict[str, object], field: str
) -> None:
    wanted = WeightsVersion.model_validate(WEIGHTS | change)
    with world.engine.begin() as connection, pytest.raises(Refused) as caught:
        add_weights(connection, world.actors[MANAGER], wanted, world.moment)
    assert caught.value.field_name == field


@pytest.mark.parametrize(
    "statement", ["UPDATE score_weights SET balance = 1", "DELETE FROM score_weights"]
)
def test_no_version_is_ever_rewritten(world: World, statement: str) -> None:
    with world.engine.begin() as connection, pytest.raises(DBAPIError):
        connection.execute(text(statement))
