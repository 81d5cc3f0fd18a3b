"""Timed jobs on the real queue."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from redis import Redis
from rq import SimpleWorker

from webapp.queue import NOTICES, SERIALIZER, job_queue
from webapp.schedule import TIMED, Timed, scheduler

DUE = datetime(2017, 2, 1, 2, 15, tzinfo=UTC)


def test_two_machines_queue_a_timed_job_once_as_json(redis: Redis) -> None:
    timed = (Timed("platform.node", "15 3 * * *"),)
    for _machine in range(2):
        for job in scheduler(redis, timed).get_jobs():
            job.next_enqueue_time = DUE
            job.enqueue(redis)
    queue = job_queue(redis)
    assert queue.job_ids == ["platform-node-20170201T021500"]
    # The worker reads JSON only, so what it can run was not stored as a pickle.
    stored = queue.fetch_job("platform-node-20170201T021500")
    assert stored is not None
    assert stored.func_name == "platform.node"


def test_a_job_of_every_half_minute_is_queued_once_by_two_machines(redis: Redis) -> None:
    # Of so many seconds that none ends while the test runs.
    timed = (Timed("platform.node", 10**9, queue=NOTICES),)
    for _machine in range(2):
        for job in scheduler(redis, timed).get_jobs():
            job.enqueue(redis)
    assert len(job_queue(redis, NOTICES).job_ids) == 1
    assert job_queue(redis).job_ids == []


def test_a_worker_runs_it(redis: Redis) -> None:
    (job,) = scheduler(redis, (Timed("platform.node", "15 3 * * *"),)).get_jobs()
    job.next_enqueue_time = DUE
    queued = job.enqueue(redis)
    worker = SimpleWorker([job_queue(redis)], connection=redis, serializer=SERIALIZER)
    worker.work(burst=True, logging_level="WARNING")
    assert queued.get_status(refresh=True) == "finished"


def test_each_timed_job_has_its_next_time(redis: Redis) -> None:
    jobs = scheduler(redis).get_jobs()
    assert len(jobs) == len(TIMED)
    for job in jobs:
        if job.interval is not None:
            # It begins when the scheduler does.
            assert job.should_run()
            continue
        assert job.next_enqueue_time is not None
        assert job.next_enqueue_time > datetime.now(ZoneInfo("UTC"))
