"""Makes the files that take too long for a page, and drops those that nobody needs any more."""

from io import BytesIO
from zoneinfo import ZoneInfo

import structlog
from redis.exceptions import RedisError
from sqlalchemy import Connection

from webapp.auth import settings
from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from webapp.queue import connect, job_queue
from webapp.standing.lists import read_asked
from webapp.standing_dates import read_dates
from workflows.exchange.formats import Format, TooManyRows, write
from workflows.exchange.prepared import Order, drop_old, finish, take_order, waiting
from workflows.users import load_actors

log = structlog.get_logger()
_LONGEST = 600


def ring_for_file(reference: str) -> None:
    """Ask a worker to make a file; without Redis the sweep finds it by itself."""
    url = settings().redis_url
    if url is None:
        return
    try:
        with connect(url.get_secret_value()) as connection:
            job_queue(connection).enqueue(
                "webapp.jobs.prepared_files.prepare_file",
                reference,
                job_timeout=_LONGEST,
                result_ttl=0,
            )
    except RedisError as error:
        log.warning("file waits for the sweep", file=reference, error=type(error).__name__)


def prepare_file(reference: str) -> None:
    """Make a file that waits, complete, with the rights its user has now; or refuse it."""
    with surroundings(), transaction() as connection:
        order = take_order(connection, reference)
        if order is not None:
            finish(connection, reference, moment(), _made(connection, order))


def sweep_prepared_files() -> None:
    """Make every file that waits, and drop the old ones."""
    with surroundings():
        with transaction() as connection:
            references = waiting(connection)
            drop_old(connection, moment())
        for reference in references:
            prepare_file(reference)


def _made(connection: Connection, order: Order) -> tuple[bytes, int] | None:
    today = moment().today
    actor = load_actors(connection, [order.actor_id], today).get(order.actor_id)
    dates = read_dates(order.question, today, ZoneInfo(settings().timezone))
    asked = read_asked(connection, order.question, dates)
    if actor is None or asked is None:
        return None
    sheet, stream = asked.sheet(connection, actor), BytesIO()
    try:
        write(sheet, Format(order.format), stream)
    except TooManyRows:
        return None
    return stream.getvalue(), sheet.count
