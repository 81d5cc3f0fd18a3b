"""One pair of real servers for the whole test session, and the plugins that stand on it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from config.settings import Settings
from webapp.embedded import EngineUrls, engines

pytest_plugins = ["tests.database", "tests.world"]

# A database has no deadline; a failure prints the blob that makes it happen again. Examples are
# drawn anew in each run, so that many runs see more than one.
settings.register_profile(
    "tests",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("tests")


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
