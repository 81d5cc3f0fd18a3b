"""Following very many proposals in the background: in batches, stopped, resumed, none twice."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import BulkRun, CaseEvent, QuotaBalance
from tests.factories import household_in
from tests.integration.test_confirming import OFFICERS, ROOM, all_to, propose, proposed_for
from tests.world import TINY, World
from workflows.bulk.advance import advance
from workflows.bulk.run import cancel, resume
from workflows.errors import NotFound, Refused
from workflows.matching.confirming import Seen
from workflows.matching.following import start
from workflows.reading.bulk import Progress, status


def waiting(world: World, households: int) -> list[Seen]:
    for _ in range(households):
        household_in("screened", world)
    propose(world)
    return proposed_for(world)


def started(world: World, seen: list[Seen], actor: str = OFFICERS[0]) -> str:
    reference = world.moment.new_reference()
    with world.engine.begin() as connection:
        start(connection, world.actors[actor], seen, world.moment, reference=reference)
    return reference


def advanced(world: World, reference: str, batch: int = 100) -> Progress:
    with world.engine.begin() as connection:
        return advance(connection, reference, world.moment, batch=batch)


def links(world: World) -> int:
    with world.engine.connect() as connection:
        found = connection.scalar(select(func.count()).where(CaseEvent.step == "link"))
    return found or 0


def told(world: World, reference: str) -> list[str | None]:
    with world.engine.connect() as connection:
        found = status(connection, world.actors[OFFICERS[0]], reference, world.today)
    return [None if row.message is None else row.message.template for row in found.rows]


def test_a_run_stops_and_goes_on_and_links_nobody_twice(world: World) -> None:
    reference = started(world, waiting(world, 3))
    assert links(world) == 0
    assert advanced(world, reference, 2).taken == 2
    actor = world.actors[OFFICERS[0]]
    with world.engine.begin() as connection:
        cancel(connection, actor, reference, world.moment)
    assert advanced(world, reference).taken == 2
    assert links(world) == 2
    with world.engine.begin() as connection:
        resume(connection, actor, reference, world.moment)
    assert advanced(world, reference).finished
    assert advanced(world, reference).taken == 3
    assert links(world) == 3


def test_the_result_names_the_municipality_of_each_household_in_sight(world: World) -> None:
    reference = started(world, waiting(world, 2))
    all_to(world, TINY)
    actors = world.actors
    with world.engine.connect() as connection:
        found = status(connection, actors[OFFICERS[0]], reference, world.today)
        nobody = replace(actors[OFFICERS[0]], grants=())
        hidden = status(connection, nobody, reference, world.today)
    assert len({row.place for row in found.rows}) == 1
    assert found.rows[0].place is not None
    assert [(row.name, row.place) for row in hidden.rows] == [(None, None)] * 2


def test_the_room_is_checked_again_when_it_is_taken(world: World) -> None:
    seen = waiting(world, ROOM + 2)
    reference = started(world, seen)
    all_to(world, TINY)
    assert (found := advanced(world, reference)).taken == ROOM
    assert found.refused == 2
    with world.engine.connect() as connection:
        reserved = select(QuotaBalance.reserved).where(QuotaBalance.municipality_code == TINY)
        assert connection.scalar(reserved) == ROOM


def test_a_proposal_that_was_replaced_meanwhile_links_nobody(world: World) -> None:
    reference = started(world, waiting(world, 2))
    propose(world)
    assert advanced(world, reference).refused == 2
    assert links(world) == 0
    assert set(told(world, reference)) == {
        "Dit voorstel geldt niet meer. Bekijk het nieuwe voorstel."
    }


def test_what_is_out_of_sight_starts_nothing(world: World) -> None:
    seen = waiting(world, 2)
    with pytest.raises(Refused, match="niet meer van u"):
        started(world, seen, "far_placement_officer")
    with pytest.raises(Refused, match="Vink"):
        started(world, [])
    with pytest.raises(NotFound):
        started(world, seen, "case_manager")
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(BulkRun)) == 0
