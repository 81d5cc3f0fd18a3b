"""What is laid aside while a database is filled comes back whole, and holds for every row."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from config.settings import Settings
from models import filling
from tests.architecture.test_migrations import catalog, unlike
from tests.database import Database
from webapp.commands import demo
from webapp.embedded import EngineUrls

ORPHAN = text("INSERT INTO event_detail (event_id, payload) VALUES (404, '{}')")


def test_all_comes_back_as_it_was(database: Database) -> None:
    with database.engine(owner=True) as engine:
        before = catalog(engine)
        with engine.begin() as connection:
            filling.lay_aside(connection)
        meanwhile = catalog(engine)
        with engine.begin() as connection:
            filling.complete(connection)
        assert len(before) - len(meanwhile) > 100
        assert unlike(catalog(engine), before) == []


def test_keys_and_unique_indexes_stay_all_along(database: Database) -> None:
    with database.engine(owner=True) as engine:
        before = catalog(engine)
        with engine.begin() as connection:
            filling.lay_aside(connection)
        lost = before.keys() - catalog(engine).keys()
    assert not [name for name in lost if " uq_" in name or ".pk_" in name or ".ck_" in name]


def test_a_row_that_refers_to_nothing_fails_the_filling(database: Database) -> None:
    with database.engine(owner=True) as engine:
        with engine.begin() as connection:
            filling.lay_aside(connection)
            connection.execute(ORPHAN)
        with pytest.raises(IntegrityError), engine.begin() as connection:
            filling.complete(connection)


def test_a_build_that_broke_off_is_emptied_into_whole_tables(
    database: Database, tmp_path: Path
) -> None:
    with database.engine(owner=True) as engine:
        before = catalog(engine)
        with engine.begin() as connection:
            filling.lay_aside(connection)
        engine.dispose()
        demo._empty(EngineUrls(database.url, database.owner_url, ""), Settings(data=tmp_path))
        assert unlike(catalog(engine), before) == []
