"""What a job works in: settings, a database of its own and the clock, without any web page."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, has_app_context

from config.settings import load
from models import make_engine
from webapp.clock import Clock


@contextmanager
def surroundings() -> Iterator[None]:
    """Give a job what `transaction()` and `moment()` need, unless it stands there already.

    Each job runs in a process of its own, which must not share connections with another.
    """
    if has_app_context():
        yield
        return
    settings = load()
    if settings.database_url is None:
        raise RuntimeError("A job needs DATABASE_URL; thuisroute run gives it.")
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1, name="job")
    app = Flask("webapp.jobs")
    app.extensions.update(settings=settings, database=engine, clock=Clock(engine, settings))
    try:
        with app.app_context():
            yield
    finally:
        engine.dispose()
