"""The worker's side of work on many cases, on the real queue."""

from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import func, select

from config.settings import Settings
from models import CaseEvent
from tests.factories import registered
from tests.world import World
from webapp.embedded import EngineUrls
from webapp.jobs.bulk import ring
from webapp.queue import SERIALIZER, job_queue
from workflows.bulk.fitting import order
from workflows.bulk.run import start


def started(world: World) -> str:
    case = registered(world).case
    # A worker goes by the real day, and this step by none.
    wanted = order(world.actors["case_manager"], "assign", {})
    with world.engine.begin() as connection:
        return start(connection, wanted, [(case, 1)], world.moment)


def rung(reference: str, redis_url: str, data: Path) -> None:
    web = Flask("web")
    web.extensions["settings"] = Settings(data=data, redis_url=SecretStr(redis_url))
    with web.app_context():
        ring(reference)


def assignments(world: World) -> int:
    with world.engine.connect() as connection:
        found = connection.scalar(select(func.count()).where(CaseEvent.step == "assign"))
    return found or 0


def test_a_worker_answers_the_bell_once(
    world: World,
    redis: Redis,
    engine_urls: EngineUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reference = started(world)
    for _ring in range(2):
        rung(reference, engine_urls.redis_url, tmp_path)
    queue = job_queue(redis)
    jobs = queue.get_jobs()
    assert [job.args for job in jobs] == [[reference]] * 2
    monkeypatch.setenv("DATABASE_URL", world.database.url)
    monkeypatch.setenv("THUISROUTE_DATA", str(tmp_path))
    worker = SimpleWorker([queue], connection=redis, serializer=SERIALIZER)
    worker.work(burst=True, logging_level="WARNING")
    assert assignments(world) == 1
    assert queue.failed_job_registry.count == 0


def test_without_redis_the_run_waits(world: World, tmp_path: Path) -> None:
    reference = started(world)
    rung(reference, f"unix://{tmp_path / 'nothing.sock'}", tmp_path)
    assert assignments(world) == 0
