"""From commit to delivered, and how soon one worker clears a heap of messages.

A worker as the program starts it calls webhooks on this machine. The steps are taken by this
process at a steady pace, each in a transaction of its own that rings the bell.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import count

import urllib3
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, insert, select

from bench.ground.journey import Household, households, travel
from bench.ground.listener import Listener, listening
from bench.ground.measure import Json, options, percentile, publish, target
from bench.ground.world import World, installed
from config.settings import Settings
from models import Case, Delivery, Municipality, Outbox, Webhook
from models.vocabulary import DeliveryStatus
from webapp.bell import ring
from webapp.clock import Clock
from webapp.db import transaction
from webapp.queue import NOTICES
from workflows.engine import take
from workflows.notices.outbox import Message, leave_messages
from workflows.notices.topics import TOPICS

PACE = 20.0
SECONDS_A_ROUND = 20
HEAP = 10_000
_occasions = count(1)


def main() -> None:
    """Measure and publish."""
    asked = options("Commit to delivered, and draining the outbox by one worker.", rounds=2)
    with installed("notices") as world, listening() as listener, _worker(world, listener):
        _subscribe(world, listener)
        with _surroundings(world):
            _rouse(world, listener)
            delays = _steps_at_pace(world, listener, int(PACE * SECONDS_A_ROUND) * asked.rounds)
            drained = [_drain(world, listener) for _ in range(asked.rounds)]
        bare = _bare_calls(listener)
    slowest, drain = percentile(delays, 0.999), max(drained)
    content: Json = {
        "unit": "seconds from commit to delivered, 99.9%",
        "n": len(delays),
        "rounds": asked.rounds,
        "value": round(slowest, 3),
        "p50": round(percentile(delays, 0.5), 3),
        "pace_per_second": PACE,
        "drain_seconds": [round(each, 1) for each in drained],
        "baseline": {"name": "as many bare calls over one line, s", "value": round(bare, 1)},
        "ratio": round(drain / bare, 2),
        "targets": [
            target("commit to delivered, 99.9%, s", slowest, most=10),
            target("10,000 messages drained by one worker, s", drain, most=60),
        ],
    }
    publish("notices", asked, content)


@contextmanager
def _worker(world: World, listener: Listener) -> Iterator[None]:
    """Run the worker of the notices, as `thuisroute run` does."""
    environment = os.environ | {
        "DATABASE_URL": world.urls.database_url,
        "REDIS_URL": world.urls.redis_url,
        "THUISROUTE_DATA": str(world.settings.data),
        "THUISROUTE_OIN": "00000001234567890000",
        "THUISROUTE_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "webapp.worker", "jobs", NOTICES]
    process = subprocess.Popen(command, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
    assert listener.heard


def _subscribe(world: World, listener: Listener) -> None:
    with world.engine.begin() as connection:
        codes = [town.code for town in world.towns]
        rows = connection.scalars(
            select(Municipality.organisation_id).where(Municipality.code.in_(codes))
        ).all()
        connection.execute(
            insert(Webhook),
            [
                {
                    "reference": world.moment.new_reference(),
                    "organisation_id": organisation,
                    "url": listener.url,
                    "topics": list(TOPICS),
                    "made_at": datetime.now(UTC),
                }
                for organisation in rows
            ],
        )


@contextmanager
def _surroundings(world: World) -> Iterator[None]:
    """Stand in what a web process stands in: transactions here ring the bell."""
    settings = Settings(
        data=world.settings.data,
        database_url=SecretStr(world.urls.database_url),
        database_owner_url=None,
        redis_url=SecretStr(world.urls.redis_url),
    )
    app = Flask("bench")
    app.extensions.update(
        settings=settings, database=world.engine, clock=Clock(world.engine, settings)
    )
    with app.app_context():
        yield


def _rouse(world: World, listener: Listener) -> None:
    """Let the worker start, and clear what came before."""
    _leave(world, 1)
    ring()
    _until(world, lambda: bool(listener.heard))


def _steps_at_pace(world: World, listener: Listener, number: int) -> list[float]:
    """Link households at the pace, and return for each how long its town waited to hear."""
    travellers = households(world, number)
    travel(world, travellers, 3)
    _until(world, lambda: _waiting(world) == 0)
    committed: dict[int, float] = {}
    began = time.perf_counter()
    for position, household in enumerate(travellers):
        time.sleep(max(began + position / PACE - time.perf_counter(), 0))
        committed[_link(world, household)] = time.time()
    _until(world, lambda: _waiting(world) == 0)
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(Outbox.event_id, Delivery.envelope)
            .join(Delivery, Delivery.outbox_id == Outbox.id)
            .where(Outbox.event_id.in_(list(committed)))
        )
        heard = {row[0]: listener.heard[row[1] or ""] for row in rows}
    assert set(heard) == set(committed)
    return [heard[event] - at for event, at in committed.items()]


def _link(world: World, household: Household) -> int:
    with transaction() as connection:
        return take(connection, household.next_request(), world.moment).event_id


def _drain(world: World, listener: Listener) -> float:
    """Leave a heap of messages in one transaction, and return how long the worker took."""
    before = len(listener.heard)
    began = time.perf_counter()
    _leave(world, HEAP)
    _until(world, lambda: len(listener.heard) == before + HEAP and _waiting(world) == 0)
    return time.perf_counter() - began


def _leave(world: World, number: int) -> None:
    with transaction() as connection:
        rows = connection.execute(
            select(Case.id, Municipality.organisation_id)
            .join(Municipality, Municipality.code == Case.municipality_code)
            .limit(500)
        ).all()
        cases: Sequence[tuple[int, int]] = [(row[0], row[1]) for row in rows]
        if not cases:
            cases = [_first_case(world)]
        messages = [
            Message(
                case_id=case,
                organisation_id=organisation,
                topic="linked",
                occasion=f"bench {next(_occasions)}",
            )
            for case, organisation in (cases[n % len(cases)] for n in range(number))
        ]
        for start in range(0, number, 1000):
            leave_messages(connection, messages[start : start + 1000], world.moment)


def _first_case(world: World) -> tuple[int, int]:
    travellers = households(world, 1)
    travel(world, travellers, 4)
    with world.engine.connect() as connection:
        row = connection.execute(
            select(Case.id, Municipality.organisation_id).join(
                Municipality, Municipality.code == Case.municipality_code
            )
        ).one()
    return row[0], row[1]


def _waiting(world: World) -> int:
    with world.engine.connect() as connection:
        unplanned = connection.scalar(select(func.count()).where(Outbox.planned_at.is_(None)))
        waiting = connection.scalar(
            select(func.count()).where(Delivery.status == DeliveryStatus.WAITING)
        )
    return (unplanned or 0) + (waiting or 0)


def _until(world: World, done: Callable[[], bool], seconds: float = 300) -> None:
    began = time.perf_counter()
    while not done():
        assert time.perf_counter() - began < seconds, _waiting(world)
        time.sleep(0.1)


def _bare_calls(listener: Listener) -> float:
    """Return how long as many calls take without database, signature or check."""
    with urllib3.PoolManager() as pool:
        began = time.perf_counter()
        for number in range(HEAP):
            headers = {"Webhook-Id": f"bare {number}"}
            answer = pool.request("POST", listener.url, body=b"{}", headers=headers)
            assert answer.status == HTTPStatus.NO_CONTENT
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
