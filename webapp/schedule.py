"""Jobs by the clock, on RQ's cron."""

from datetime import UTC, datetime
from typing import NamedTuple

from redis import Redis
from rq.cron import CronJob, CronScheduler
from rq.exceptions import DuplicateJobError
from rq.job import Job

from webapp.queue import DEFAULT, SERIALIZER, job_queue


class Timed(NamedTuple):
    """A job, when it runs (five cron fields, in the time zone of the process) and for how long.

    The job stands here by name, so that only the process that runs it imports what it needs.
    """

    function: str
    cron: str
    seconds: int = 600


TIMED: tuple[Timed, ...] = (
    Timed("webapp.jobs.verify.verify_nightly", "15 3 * * *", seconds=3600),
    Timed("webapp.jobs.documents.drop_files", "45 3 * * *"),
    # A minute is the cron's finest step; runs are rung for at once, this finds those let fall.
    Timed("webapp.jobs.bulk.sweep_bulk", "* * * * *"),
)


# Seconds for which a finished job keeps the scheduler of another machine from queueing it again.
_REMEMBERED = 86_400


class JsonCronJob(CronJob):
    """A timed job on our queue: RQ's own would put it there as a pickle, once per scheduler."""

    def enqueue(self, connection: Redis) -> Job:
        """Put the job on the queue, unless another machine's scheduler did so this minute."""
        queue = job_queue(connection, self.queue_name)
        due = self.next_enqueue_time or datetime.now(UTC)
        job_id = f"{self.func_name.replace('.', '-')}-{due:%Y%m%dT%H%M}"
        try:
            return queue.enqueue(self.func_name, job_id=job_id, unique=True, **self.job_options)
        except DuplicateJobError:
            return Job.fetch(job_id, connection=connection, serializer=SERIALIZER)


def scheduler(connection: Redis, timed: tuple[Timed, ...] = TIMED) -> CronScheduler:
    """Return a scheduler of the timed jobs; `start` runs it until a signal ends it."""
    cron = CronScheduler(connection=connection)
    for function, when, seconds in timed:
        job = JsonCronJob(
            DEFAULT, func_name=function, cron=when, job_timeout=seconds, result_ttl=_REMEMBERED
        )
        cron.get_jobs().append(job)
    return cron
