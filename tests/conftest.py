"""One pair of real servers for the whole test session."""

from collections.abc import Iterator

import pytest

from config.settings import Settings
from webapp.embedded import EngineUrls, engines


@pytest.fixture(scope="session")
def engine_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a data folder of this session, whatever the environment says."""
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        database_url=None,
        database_owner_url=None,
        redis_url=None,
    )


@pytest.fixture(scope="session")
def engine_urls(engine_settings: Settings) -> Iterator[EngineUrls]:
    """Where PostgreSQL (without fsync, for speed) and Valkey run during the tests."""
    with engines(engine_settings, durable=False) as urls:
        yield urls
