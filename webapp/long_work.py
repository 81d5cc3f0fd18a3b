"""Rings for a worker to carry out a run; the run stands in the database, whoever hears the bell."""

import structlog
from redis.exceptions import RedisError

from webapp.auth import settings
from webapp.queue import connect, job_queue

log = structlog.get_logger()


def ring_for(job: str, reference: str, longest: int) -> None:
    """Ask a worker to carry on with a run for `longest` seconds at most.

    Without Redis the job's sweep finds the run by itself.
    """
    url = settings().redis_url
    if url is None:
        return
    try:
        with connect(url.get_secret_value()) as connection:
            job_queue(connection).enqueue(job, reference, job_timeout=longest, result_ttl=0)
    except RedisError as error:
        log.warning("run waits for the sweep", run=reference, error=type(error).__name__)
