"""A file of history is checked, kept for its sender, and staged by a role with few rights."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from models.grants import grant_rights
from tests.integration.test_quota_history import file_of, lines_of, take
from tests.world import UTRECHT, World
from workflows.errors import NotFound, Refused
from workflows.exchange.history import TakenOver
from workflows.exchange.history_upload import NewRows, check_upload, drop_uploads, take_upload


def test_a_checked_file_counts_when_its_sender_says_so(world: World) -> None:
    row = f"{UTRECHT},2017-I,realised,5,2017-01-05"
    content = file_of(row).getvalue()
    officer, manager = world.actors["quota_officer"], world.actors["functional_manager"]
    before = lines_of(world.engine)
    with world.engine.begin() as connection:
        checked = check_upload(connection, manager, content, world.moment)
        late = check_upload(connection, manager, content, world.moment)
    assert checked.taken == TakenOver(1, 1, 5)
    assert checked.new == (NewRows("2017-I", "realised", 1, 5),)
    assert lines_of(world.engine) == before
    with world.engine.begin() as connection, pytest.raises(NotFound):
        take_upload(connection, officer, checked.reference, world.moment)
    with world.engine.begin() as connection:
        assert take_upload(connection, manager, checked.reference, world.moment).added == 1
        with pytest.raises(NotFound):
            take_upload(connection, manager, checked.reference, world.moment)
    assert lines_of(world.engine) == before + 1
    with world.engine.begin() as connection:
        assert drop_uploads(connection, world.moment) == 0
        tomorrow = replace(world.moment, offset=timedelta(days=2))
        assert drop_uploads(connection, tomorrow) == 1
        with pytest.raises(NotFound):
            take_upload(connection, manager, late.reference, world.moment)
    with world.engine.begin() as connection, pytest.raises(Refused, match="groter dan 10 MB"):
        check_upload(connection, manager, b" " * 11_000_000, world.moment)


@pytest.mark.parametrize("name", ["manager", "supervisor", "utrecht", "administrator", "auditor"])
def test_nobody_else_checks_a_file(world: World, name: str) -> None:
    with world.engine.begin() as connection, pytest.raises(NotFound):
        check_upload(connection, world.actors[name], file_of().getvalue(), world.moment)


def test_a_file_is_staged_where_the_public_has_no_rights(world: World) -> None:
    row = f"{UTRECHT},2017-I,realised,5,2017-01-05"
    with world.engine.connect() as connection:
        role = str(connection.scalar(text("SELECT current_user")))
        name = connection.scalar(text("SELECT quote_ident(current_database())"))
    with world.database.engine(owner=True) as owner:
        with owner.begin() as connection:
            connection.execute(text(f"GRANT CONNECT ON DATABASE {name} TO {role}"))
            connection.execute(text(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"))
        with pytest.raises(ProgrammingError, match="temporary"):
            take(world.engine, file_of(row))
        with owner.begin() as connection:
            grant_rights(connection, role)
    assert take(world.engine, file_of(row)) == TakenOver(1, 1, 5)
