"""Jobs by the clock, on RQ's cron."""

from datetime import UTC, datetime
from typing import NamedTuple

from redis import Redis
from rq.cron import CronJob, CronScheduler
from rq.exceptions import DuplicateJobError
from rq.job import Job

from webapp.queue import DEFAULT, NOTICES, SERIALIZER, job_queue


class Timed(NamedTuple):
    """A job, when it runs, for how long at most, and on which queue.

    When: five cron fields, in the time zone of the process, or a number of seconds between runs.

    The job stands here by name, so that only the process that runs it imports what it needs.
    """

    function: str
    cron: str | int
    seconds: int = 600
    queue: str = DEFAULT


TIMED: tuple[Timed, ...] = (
    Timed("webapp.jobs.verify.verify_nightly", "15 3 * * *", seconds=3600),
    Timed("webapp.jobs.verify.sweep_verification", "*/10 * * * *", seconds=3600),
    Timed("webapp.jobs.documents.drop_files", "45 3 * * *"),
    Timed("webapp.jobs.matching.sweep_matching", "*/2 * * * *", seconds=3600),
    Timed("webapp.jobs.score_model.fit_score_model", "30 4 * * sun", seconds=3600),
    # It makes a list once a week, and soon after room changed much.
    Timed("webapp.jobs.prices.refresh_prices", "5-55/10 * * * *", seconds=1800),
    Timed("webapp.jobs.suspensions.resume_on_time", "15 0 * * *"),
    # Whatever day a term ends, its alerts are there before the office opens.
    Timed("webapp.jobs.deadlines.follow_deadlines", "*/10 * * * *", seconds=1800),
    # A minute is the cron's finest step; runs are rung for at once, this finds those let fall.
    Timed("webapp.jobs.bulk.sweep_bulk", "* * * * *"),
    Timed("webapp.jobs.notices.sweep_notices", 30, queue=NOTICES),
)


# Seconds for which a finished job keeps the scheduler of another machine from queueing it again.
_REMEMBERED = 86_400


class JsonCronJob(CronJob):
    """A timed job on our queue: RQ's own would put it there as a pickle, once per scheduler."""

    def enqueue(self, connection: Redis) -> Job:
        """Put the job on the queue, unless another machine's scheduler did so this minute."""
        queue = job_queue(connection, self.queue_name)
        job_id = f"{self.func_name.replace('.', '-')}-{self._due():%Y%m%dT%H%M%S}"
        try:
            return queue.enqueue(self.func_name, job_id=job_id, unique=True, **self.job_options)
        except DuplicateJobError:
            return Job.fetch(job_id, connection=connection, serializer=SERIALIZER)

    def _due(self) -> datetime:
        """Return when it was due: the same on every machine, whenever each was started."""
        now = datetime.now(UTC)
        if self.interval is None:
            return self.next_enqueue_time or now
        return datetime.fromtimestamp(now.timestamp() // self.interval * self.interval, UTC)


def scheduler(connection: Redis, timed: tuple[Timed, ...] = TIMED) -> CronScheduler:
    """Return a scheduler of the timed jobs; `start` runs it until a signal ends it."""
    cron = CronScheduler(connection=connection)
    for function, when, seconds, queue in timed:
        job = JsonCronJob(
            queue,
            func_name=function,
            cron=when if isinstance(when, str) else None,
            interval=when if isinstance(when, int) else None,
            job_timeout=seconds,
            result_ttl=_REMEMBERED if isinstance(when, str) else when,
        )
        cron.get_jobs().append(job)
    return cron
