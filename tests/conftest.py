"""One pair of real servers for the whole test session, and the plugins that stand on it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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


# A database is copied for each test. In memory that takes a fifth of the time on a disk; the log of
# the longest test and a few copies at once want this much.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
_ROOM = 6_000_000_000
_PREFIX = "thuisroute-tests-"


@pytest.fixture(scope="session")
def engine_settings() -> Iterator[Settings]:
    """Yield settings of a data folder of this session, whatever the environment says."""
    _remove_what_killed_sessions_left()
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    ours = f"{_PREFIX}{os.getpid()}-"
    with TemporaryDirectory(prefix=ours, dir=_MEMORY if roomy else None) as folder:
        yield Settings(
            data=Path(folder),
            database_url=None,
            database_owner_url=None,
            redis_url=None,
        )


def _remove_what_killed_sessions_left() -> None:
    for folder in _MEMORY.glob(f"{_PREFIX}*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # of another user, and running


@pytest.fixture(scope="session")
def engine_urls(engine_settings: Settings) -> Iterator[EngineUrls]:
    """Where PostgreSQL (without fsync, for speed) and Valkey run during the tests."""
    with engines(engine_settings, durable=False) as urls:
        yield urls
