"""What a merger would move is told before it does, and a successor has the room of all together."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.factories import household, household_in
from tests.integration.test_mergers import (
    MEIERIJSTAD,
    PARTS,
    SCHIJNDEL,
    SINT_OEDENRODE,
    VEGHEL,
    give_room,
    hire,
    linked,
    merge,
    merger,
    opening,
)
from tests.integration.test_transfers import check_verified, proposed
from tests.world import HALF_YEAR, World
from workflows.errors import NotFound, Refused
from workflows.matching.room import room_on
from workflows.quota.ledger import post_lines
from workflows.reading.inbox import rooms_of
from workflows.reading.merger_preview import MergerPreview, preview_merger
from workflows.reading.places import suggest_municipalities


@pytest.fixture
def ready(world: World) -> World:
    """Return a world where the three have room, quota, and a backlog beside an advance."""
    give_room(world)
    return world


def previewed(world: World, **changes: Any) -> MergerPreview:
    with world.engine.connect() as connection:
        officer = world.actors["quota_officer"]
        return preview_merger(connection, officer, merger(**changes), world.moment)


def test_a_preview_tells_what_the_merger_then_moves(ready: World) -> None:
    hire(ready, VEGHEL)
    hire(ready, SINT_OEDENRODE)
    for code in (VEGHEL, VEGHEL, SINT_OEDENRODE):
        linked(ready, "linked", code)
    named = {"criterion": "safety", "municipality": SCHIJNDEL, "evidence": "Aangifte"}
    household_in("screened", ready, criteria=[named])
    proposed(ready, "utrecht", taker=VEGHEL)
    found = previewed(ready)
    with ready.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM municipality")) == 390
    assert dict(found.by_state) == {"screened": 1, "linked": 3}
    assert {each.name: (each.cases, each.room.reserved) for each in found.going} == {
        "Veghel": (2, 4),
        "Schijndel": (0, 0),
        "Sint-Oedenrode": (1, 2),
    }
    assert (found.only_named, found.transfers, found.exemptions) == (1, 1, 0)
    merged = merge(ready)
    assert (found.cases, found.grants) == (merged.cases, merged.grants)
    with ready.engine.connect() as connection:
        [room] = rooms_of(connection, [MEIERIJSTAD], ready.today)
    assert (room.reserved, room.room) == (found.reserved, found.room_after)


def test_a_preview_is_refused_as_the_merger_is_and_for_the_same_people(ready: World) -> None:
    with pytest.raises(Refused) as refusal:
        previewed(ready, predecessors=["Veghel", "Nergens"])
    assert (refusal.value.field_name, refusal.value.code) == (
        "predecessors",
        "unknown_municipality",
    )
    with ready.engine.connect() as connection:
        for name in ("manager", "utrecht", "administrator", "supervisor"):
            with pytest.raises(NotFound):
                preview_merger(connection, ready.actors[name], merger(), ready.moment)


def test_a_successor_has_the_room_of_its_predecessors_together(ready: World) -> None:
    """Veghel has 50 and its quota, Schijndel is 200 ahead, Sint-Oedenrode has 30 and its quota."""
    waiting = household_in("screened", ready, household(1))
    parts = rooms(ready, *PARTS)
    merge(ready)
    together = sum(parts)
    assert rooms(ready, MEIERIJSTAD) == [together]
    with ready.engine.connect() as connection:
        assert room_on(connection, ready.today)[MEIERIJSTAD].persons(HALF_YEAR) == max(together, 0)
        [suggested] = suggest_municipalities(connection, "Meierijstad", ready.today)
    assert suggested.room == together
    lines = [opening(MEIERIJSTAD, 1 - together)]
    with ready.engine.begin() as connection:
        post_lines(connection, ready.actors["quota_officer"], lines, ready.moment)
    waiting.take("link", "placement_officer", municipality=MEIERIJSTAD)
    another = household_in("screened", ready, household(1))
    with pytest.raises(Refused) as refusal:
        another.take("link", "placement_officer", municipality=MEIERIJSTAD)
    assert refusal.value.code == "no_room"
    assert rooms(ready, MEIERIJSTAD) == [0]
    check_verified(ready)


def rooms(world: World, *codes: str) -> list[int]:
    with world.engine.connect() as connection:
        return [each.room for each in rooms_of(connection, codes, world.today)]
