"""Whatever dies on the way, each effect arrives, and once for a receiver that honours the key."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import SecretStr
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import update

from models import Delivery
from models.vocabulary import CaseState, NoticeTiming
from tests.factories import household_in
from tests.receivers import Receiver, accept, free_port, mailbox, receiver
from tests.relay import OIN, WEBHOOK_KEY, Relay, listens, relay_settings, wants_mail
from tests.world import SEAL, UTRECHT, World
from webapp.bell import RUNG, ring
from webapp.db import transaction
from webapp.embedded import EngineUrls
from webapp.queue import NOTICES, SERIALIZER, job_queue
from webapp.senders.guarded import Guard
from webapp.senders.mail import MailServer
from webapp.senders.post import send_all
from workflows.engine import take
from workflows.notices import again, claiming
from workflows.notices.outbox import Message, leave_messages
from workflows.notices.retries import GIVEN_UP_AFTER

MANY = 40


@pytest.fixture
def relay(world: World, tmp_path: Path) -> Relay:
    return Relay(world, relay_settings(tmp_path))


def leave(relay: Relay, number: int, user: str | None = None) -> None:
    """Leave messages about one case for the municipality, or for one of its officers."""
    case = household_in(CaseState.LINKED, relay.world).row()
    relay.run()
    user_id = None if user is None else relay.world.actors[user].user_id
    messages = [
        Message(
            case_id=case.id,
            organisation_id=relay.world.municipalities[UTRECHT],
            topic="linked",
            occasion=f"{case.reference} {n}",
            user_id=user_id,
        )
        for n in range(number)
    ]
    with relay.world.engine.begin() as connection:
        leave_messages(connection, messages, relay.world.moment)


def listening(relay: Relay, system: Receiver) -> None:
    """Let the municipality hear of links."""
    listens(relay.world, relay.world.municipalities[UTRECHT], system.url, ["linked"])


def delivered(relay: Relay) -> int:
    """Return how many deliveries arrived; fails when one did not."""
    statuses = [status for _, status, _ in relay.deliveries()]
    assert set(statuses) == {"delivered"}
    return len(statuses)


def worker(relay: Relay, tmp_path: Path) -> "subprocess.Popen[bytes]":
    """Start the job in a process of its own."""
    environment = os.environ | {
        "DATABASE_URL": relay.world.database.url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "THUISROUTE_DATA": str(tmp_path),
        "THUISROUTE_SEAL_KEY": SEAL.decode(),
        "THUISROUTE_OIN": OIN,
        "THUISROUTE_WEBHOOK_KEY": WEBHOOK_KEY,
        "THUISROUTE_WEBHOOK_NETWORKS": "127.0.0.0/8,::1/128",
    }
    code = "from webapp.jobs.notices import relay_notices; relay_notices()"
    return subprocess.Popen([sys.executable, "-c", code], env=environment)


def test_a_worker_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    relay: Relay, tmp_path: Path
) -> None:
    in_the_middle, go_on = Event(), Event()

    def hesitate(handler: Any) -> None:
        if len(system.heard) > MANY // 2:
            in_the_middle.set()
            go_on.wait(20)
        accept(handler)

    leave(relay, MANY)
    with receiver() as system:
        listening(relay, system)
        system.answer = hesitate
        process = worker(relay, tmp_path)
        assert in_the_middle.wait(30)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        system.answer = accept
        go_on.set()
        half = [heard.headers["Webhook-Id"] for heard in system.heard]
        assert 0 < len(half) < MANY
        # What the killed worker held is not taken while it could still be at work.
        relay.run()
        assert len(system.heard) == len(half)
        relay.later(seconds=claiming.LEASE.total_seconds() + 1)
        relay.run()
    assert delivered(relay) == MANY
    assert len(system.applied) == MANY
    assert set(half) <= set(system.applied)
    assert {attempts for _, _, attempts in relay.deliveries()} == {2}


def test_two_workers_at_once_call_once(relay: Relay) -> None:
    leave(relay, MANY)
    with receiver() as system:
        listening(relay, system)
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(relay.run) for _ in range(8)]:
                done.result()
    assert delivered(relay) == MANY == len(system.heard) == len(system.applied)


def test_a_bell_rung_many_times_is_one_job_and_a_wiped_redis_loses_nothing(
    relay: Relay, redis: Redis, engine_urls: EngineUrls
) -> None:
    relay.configure(redis_url=SecretStr(engine_urls.redis_url))
    case = household_in(CaseState.SCREENED, relay.world).case
    request = relay.world.request("link", "placement_officer", {"municipality": UTRECHT}, case)
    with receiver() as system, relay.surroundings():
        listening(relay, system)
        with transaction() as connection:
            take(connection, request, relay.world.moment)
        for _ in range(5):
            ring()
        queue = job_queue(redis, NOTICES)
        assert len(queue.job_ids) == 1
        redis.flushall()
        assert system.heard == []
        # The sweep, as the clock queues it: it needs no bell.
        queue.enqueue("webapp.jobs.notices.sweep_notices")
        queue.enqueue("webapp.jobs.notices.relay_notices")
        queue.enqueue("webapp.jobs.notices.relay_notices")
        rq = SimpleWorker([queue], connection=redis, serializer=SERIALIZER)
        rq.work(burst=True, logging_level="WARNING")
        assert queue.failed_job_registry.count == 0
        assert redis.get(RUNG) is None
    assert delivered(relay) == 1 == len(system.heard)


def test_without_redis_a_commit_is_not_held_up(relay: Relay) -> None:
    relay.configure(redis_url=SecretStr("redis://127.0.0.1:1/0"))
    case = household_in(CaseState.LINKED, relay.world).row()
    message = Message(
        case_id=case.id,
        organisation_id=relay.world.municipalities[UTRECHT],
        topic="linked",
        occasion="once",
    )
    with relay.surroundings():
        began = time.monotonic()
        for _ in range(20):
            with transaction() as connection:
                leave_messages(connection, [message], relay.world.moment)
        assert time.monotonic() - began < 5


def set_up_mail(relay: Relay, port: int) -> None:
    relay.configure(
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        mail_from="meldingen@thuisroute.example",
    )


def outage(relay: Relay, hours: float) -> None:
    """Let time pass in steps of three hours, with the job at work in each."""
    for _ in range(int(hours / 3)):
        relay.run()
        relay.later(hours=3)


def test_receivers_that_are_down_for_72_hours_get_everything_afterwards(relay: Relay) -> None:
    mail_port, hook_port = free_port(), free_port()
    set_up_mail(relay, mail_port)
    wants_mail(relay.world, "utrecht")
    listens(
        relay.world,
        relay.world.municipalities[UTRECHT],
        f"http://localhost:{hook_port}/hook",
        ["linked"],
    )
    household_in(CaseState.LINKED, relay.world)
    outage(relay, GIVEN_UP_AFTER.total_seconds() / 3600)
    assert {status for _, status, _ in relay.deliveries()} == {"waiting"}
    with mailbox(mail_port) as box, receiver(port=hook_port) as system:
        relay.run()
    assert delivered(relay) == 2
    assert len(box.letters) == 1 == len(system.heard)


def test_what_was_given_up_is_sent_again_by_hand_under_its_old_key(relay: Relay) -> None:
    with receiver(lambda handler: handler.send_error(503)) as system:
        listening(relay, system)
        household_in(CaseState.LINKED, relay.world)
        outage(relay, 81)
        keys = {heard.headers["Webhook-Id"] for heard in system.heard}
        assert [status for _, status, _ in relay.deliveries()] == ["dead"]
        system.answer = accept
        relay.run()
        actor = relay.world.actors["functional_manager"]
        with relay.world.engine.begin() as connection:
            assert again.send_all_again(connection, actor, relay.clock.now) == 1
        relay.run()
    assert delivered(relay) == 1
    assert set(system.applied) == keys
    assert len(keys) == 1


def die_before_recording(relay: Relay) -> None:
    """Send what is due, and note nothing: the worker dies in between."""
    with relay.surroundings():
        with transaction() as connection:
            orders = claiming.claim(connection, relay.clock.now, 100)
        guard = Guard(networks=relay.settings.networks())
        send_all(relay.settings, orders, guard, MailServer(relay.settings))
    relay.later(seconds=claiming.LEASE.total_seconds() + 1)


def letters_after_a_death(relay: Relay) -> list[str]:
    """Return the keys of the letters that a receiver gets when a worker dies after sending."""
    with mailbox() as box:
        set_up_mail(relay, box.port)
        wants_mail(relay.world, "utrecht", NoticeTiming.DAILY)
        leave(relay, 3, "utrecht")
        relay.run()
        relay.later(hours=24)
        die_before_recording(relay)
        relay.run()
    delivered(relay)
    return box.keys


def test_a_digest_that_was_sent_twice_has_one_key(relay: Relay) -> None:
    keys = letters_after_a_death(relay)
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_key_of_each_attempt_is_caught(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    def anew(taken: list[Any], moment: Any) -> Iterator[tuple[int, str]]:
        envelope = moment.new_reference()
        return ((row.id, envelope) for row in taken)

    monkeypatch.setattr(claiming, "_envelopes", anew)
    assert len(set(letters_after_a_death(relay))) == 2


def test_a_digest_of_which_another_worker_holds_a_part_waits_for_it(relay: Relay) -> None:
    with mailbox() as box:
        set_up_mail(relay, box.port)
        wants_mail(relay.world, "utrecht", NoticeTiming.DAILY)
        leave(relay, 3, "utrecht")
        relay.run()
        with relay.world.engine.begin() as connection:
            connection.execute(update(Delivery).values(envelope="a" * 16))
        relay.later(hours=24)
        with relay.world.engine.connect() as other:
            other.exec_driver_sql("SELECT 1 FROM delivery ORDER BY id LIMIT 1 FOR NO KEY UPDATE")
            relay.run()
            assert box.letters == []
        relay.run()
    assert len(box.letters) == 1
    assert delivered(relay) == 4


def test_a_dead_receiver_takes_little_of_a_batch(relay: Relay) -> None:
    leave(relay, MANY)
    with receiver() as system:
        listening(relay, system)
    began = time.monotonic()
    relay.run()
    assert time.monotonic() - began < 10
    assert {attempts for _, _, attempts in relay.deliveries()} == {1}


@pytest.mark.parametrize(
    ("answer", "status"), [("550 No such user", "dead"), ("451 Try later", "waiting")]
)
def test_a_recipient_that_is_refused_for_good_is_given_up_at_once(
    relay: Relay, answer: str, status: str
) -> None:
    wants_mail(relay.world, "utrecht")
    with mailbox() as box:
        box.answer = answer
        set_up_mail(relay, box.port)
        household_in(CaseState.LINKED, relay.world)
        relay.run()
    assert relay.deliveries() == [("mail", status, 1)]


@pytest.mark.parametrize(
    "address", ["a@b.nl\r\nBcc: everybody@c.nl", "a@b.nl\nX: y", "a@b.nl,c@d.nl", "a\x00@b.nl"]
)
def test_an_address_cannot_add_a_header_or_a_recipient(relay: Relay, address: str) -> None:
    mail = claiming.Mail(
        envelope="a" * 16,
        parts=(claiming.Claimed(1, 1),),
        address=address,
        language="nl",
        active=True,
        cases=("b" * 16,),
    )
    with mailbox() as box:
        set_up_mail(relay, box.port)
        with MailServer(relay.settings) as server:
            assert server.send(mail).outcome == "recipient_refused"
    assert box.letters == []
    assert box.recipients == []
