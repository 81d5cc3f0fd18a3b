"""Worlds and queues that several tests of the workflows stand on."""

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.database import Database, Server
from tests.races import THREADS
from tests.world import World, opened
from webapp.embedded import EngineUrls
from webapp.queue import connect
from workflows.quota.verify import verify


@pytest.fixture
def arena(server: Server, installed: Database) -> Iterator[World]:
    """Yield a world with a connection for each thread; at the end everything must add up."""
    with server.temporary(installed.name) as database, opened(database, THREADS) as found:
        yield found
        with found.engine.begin() as connection:
            assert not list(verify(connection, found.moment.seal))


@pytest.fixture
def redis(engine_urls: EngineUrls) -> Iterator[Redis]:
    """Yield a connection to an empty queue."""
    with connect(engine_urls.redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()
