"""Aansluiting: who sees which list, and how a dispute begins and ends."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.vocabulary import DisputeSettlement
from tests.factories import Household, household, household_in
from tests.world import AMSTERDAM, TODAY, World
from workflows.errors import NotFound, Refused
from workflows.quota.dispute import Dispute, Settlement, dispute, settle
from workflows.reading.reconciliation import Listed, Reconciliation, disputed, signed_off

WHY = Dispute(reason="Deze persoon woont hier niet.")
AGREED = Settlement(settlement=DisputeSettlement.AGREED, explanation="Toch gevonden.")
CORRECTED = Settlement(settlement=DisputeSettlement.CORRECTED, explanation="Is hersteld.")


@pytest.fixture
def housed(world: World) -> Household:
    """Return a household of three in Utrecht that moved in, two of whom are signed off."""
    made = household_in("housed", world, household(2, 1))
    made.take("sign_off", "case_manager", booked_on=TODAY, signed_off=made.members[:2])
    household_in("housed", world, municipality=AMSTERDAM)
    return made


@dataclass(frozen=True)
class Lists:
    """What the four lists hold for somebody."""

    not_signed_off: list[Any]
    disputes: list[Any]
    signed_off: list[Any]
    settled: list[Any]


NOTHING = Lists([], [], [], [])


def lists(world: World, name: str) -> Lists:
    """Return the lists, after holding count, pages and export of each to each other."""
    with world.engine.connect() as connection:
        found = Reconciliation(connection, world.actors[name], TODAY)
        rows = {each: list(found.everything(each)) for each in Listed}
        for each in Listed:
            paged = [found.page(each, number + 1, 2) for number in range(len(rows[each]) + 1)]
            assert [row for page in paged for row in page] == rows[each]
            assert found.count(each) == len(rows[each])
    return Lists(
        rows[Listed.NOT_SIGNED_OFF],
        rows[Listed.DISPUTED],
        rows[Listed.SIGNED_OFF],
        rows[Listed.SETTLED],
    )


def raised(world: World, person: str, name: str = "utrecht") -> str:
    with world.engine.begin() as connection:
        return dispute(connection, world.actors[name], person, WHY, world.moment)


def ends(world: World, reference: str, given: Settlement, name: str = "utrecht") -> None:
    with world.engine.begin() as connection:
        settle(connection, world.actors[name], reference, given, world.moment)


def test_both_dates_stand_in_the_lists_of_the_municipality_and_coa(housed: Household) -> None:
    for name in ("utrecht", "utrecht_coordinator"):
        found = lists(housed.world, name)
        assert [each.person for each in found.not_signed_off] == [housed.members[2]]
        assert {each.person for each in found.signed_off} == set(housed.members[:2])
        assert {(each.housed_on, each.booked_on) for each in found.signed_off} == {(TODAY, TODAY)}
    for name in ("case_manager", "region_coordinator", "placement_officer"):
        found = lists(housed.world, name)
        assert len(found.not_signed_off) == 2
        assert {each.case for each in found.signed_off} == {housed.case}


def test_others_see_nothing_of_it(housed: Household) -> None:
    reference = raised(housed.world, housed.members[0])
    found = lists(housed.world, "bunnik")
    assert found == NOTHING
    assert len(lists(housed.world, "amsterdam").not_signed_off) == 1
    assert lists(housed.world, "second_case_manager") == NOTHING
    for name in ("supervisor", "quota_officer", "manager", "administrator", "guardian"):
        with pytest.raises(NotFound):
            lists(housed.world, name)
    with housed.world.engine.connect() as connection:
        for name in ("bunnik", "amsterdam", "far_case_manager"):
            with pytest.raises(NotFound):
                disputed(connection, housed.world.actors[name], TODAY, reference)
            with pytest.raises(NotFound):
                signed_off(connection, housed.world.actors[name], TODAY, housed.members[0])


def test_a_municipality_disputes_once_and_agrees(housed: Household) -> None:
    world = housed.world
    reference = raised(world, housed.members[0])
    with pytest.raises(Refused, match="al betwist"):
        raised(world, housed.members[0], "utrecht_colleague")
    assert [each.disputed for each in lists(world, "case_manager").signed_off].count(True) == 1
    with pytest.raises(Refused) as refusal:
        ends(world, reference, CORRECTED)
    assert refusal.value.field_name == "settlement"
    ends(world, reference, AGREED)
    with pytest.raises(Refused, match="al afgehandeld"):
        ends(world, reference, AGREED)
    found = lists(world, "utrecht")
    assert [each.settlement for each in found.settled] == ["agreed"]
    assert found.disputes == []
    assert not any(each.disputed for each in found.signed_off)
    assert raised(world, housed.members[0]) != reference


def test_nobody_disputes_or_settles_for_another(housed: Household) -> None:
    world = housed.world
    for name in ("bunnik", "case_manager", "supervisor"):
        with pytest.raises(NotFound):
            raised(world, housed.members[0], name)
    with pytest.raises(NotFound):
        raised(world, housed.members[2])
    reference = raised(world, housed.members[0])
    for name in ("bunnik", "case_manager"):
        with pytest.raises(NotFound):
            ends(world, reference, AGREED, name)
    with pytest.raises(NotFound):
        ends(world, "a" * 16, AGREED)


def test_a_corrected_line_ends_a_dispute(housed: Household) -> None:
    world = housed.world
    reference = raised(world, housed.members[0])
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO quota_entry (municipality_code, half_year, kind, persons, booked_on,"
                " recorded_at, case_id, person_id, event_id, recorded_by, reverses)"
                " SELECT municipality_code, half_year, kind, -persons, booked_on, now(), case_id,"
                " person_id, event_id, recorded_by, id FROM quota_entry"
                " WHERE id = (SELECT entry_id FROM realisation_dispute)"
            )
        )
    ends(world, reference, CORRECTED)
    assert lists(world, "utrecht").settled[0].corrected


def test_the_database_keeps_one_open_dispute_per_line(housed: Household) -> None:
    raised(housed.world, housed.members[0])
    with housed.world.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(
            text(
                "INSERT INTO realisation_dispute (reference, entry_id, reason, raised_by,"
                " raised_at) SELECT repeat('b', 16), entry_id, reason, raised_by, now()"
                " FROM realisation_dispute"
            )
        )
