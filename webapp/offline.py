"""The database and the clock for commands and jobs, which run outside the web application."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Engine

from config.settings import Settings
from models import make_engine
from webapp.clock import Clock
from webapp.embedded import engines
from webapp.schema import require_head


class Opened(NamedTuple):
    """An engine on a database at the program's own migration, and the program's clock."""

    engine: Engine
    clock: Clock


@contextmanager
def opened(settings: Settings) -> Iterator[Opened]:
    """Give the configured or embedded database; raises EngineError or SchemaMismatchError.

    A program that runs on the same data folder shares its server.
    """
    with engines(settings) as urls:
        require_head(urls.database_url)
        engine = make_engine(urls.database_url)
        try:
            yield Opened(engine, Clock(engine, settings))
        finally:
            engine.dispose()
