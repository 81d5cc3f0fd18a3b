"""The process that runs jobs: `python -m webapp.worker [jobs [queue ...]|clock]`."""

import os
import sys
import time

from rq import Worker

from config import logging, settings
from webapp.queue import QUEUES, SERIALIZER, connect, job_queue
from webapp.schedule import scheduler
from webapp.schema import SchemaMismatchError, require_head


def main(words: list[str]) -> int:
    """Run jobs, or with `clock` put the timed ones on the queue, until a signal ends it.

    `jobs` may name the queues to work on; without names it works on all.
    """
    chosen = settings.load()
    logging.configure(chosen)
    if chosen.database_url is None or chosen.redis_url is None:
        sys.stderr.write(
            "The worker needs DATABASE_URL and REDIS_URL; thuisroute run gives them.\n"
        )
        return 2
    # Cron fields are of the process's local time: nights are Dutch nights.
    os.environ["TZ"] = chosen.timezone
    time.tzset()
    connection = connect(chosen.redis_url.get_secret_value())
    if words[:1] == ["clock"]:
        scheduler(connection).start()  # type: ignore[no-untyped-call] # RQ leaves it untyped
        return 0
    try:
        require_head(chosen.database_url.get_secret_value())
    except SchemaMismatchError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    names = [name for name in words[1:] if name in QUEUES] or QUEUES
    queues = [job_queue(connection, name) for name in names]
    worker = Worker(queues, connection=connection, serializer=SERIALIZER)
    # RQ sets the level of its own logger, whose lines show the arguments of jobs.
    worker.work(logging_level="WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
