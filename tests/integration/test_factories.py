"""The factories reach every state, and each fresh database starts from the same world."""

import pytest
from sqlalchemy import Engine, func, select, text

from models import Case
from models.vocabulary import CaseState
from tests.factories import household, household_in, minor_in
from tests.world import World


@pytest.mark.parametrize("state", list(CaseState))
def test_a_household_can_be_brought_to_each_state(shared_world: World, state: CaseState) -> None:
    made = household_in(state, shared_world, household(2, 1))
    assert made.row().state == state
    assert len(made.members) == 3


def test_a_minor_travels_with_a_guardian(shared_world: World) -> None:
    assert minor_in(CaseState.LINKED, shared_world).row().guardian_id is not None


def test_a_world_starts_without_cases(world: World) -> None:
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Case)) == 0


def test_an_empty_database_has_tables(engine: Engine, owner_engine: Engine) -> None:
    for each, name in ((engine, "thuisroute"), (owner_engine, "thuisroute_owner")):
        with each.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM organisation")) == 0
            assert connection.scalar(text("SELECT current_user")) == name
