"""Delivers notices: rung for after each commit that left a message, and swept for."""

from time import monotonic
from zoneinfo import ZoneInfo

import structlog

from webapp.auth import settings
from webapp.bell import bell, ring
from webapp.clock import moment
from webapp.db import database, transaction
from webapp.jobs.surroundings import surroundings
from webapp.senders.guarded import Guard
from webapp.senders.mail import MailServer
from webapp.senders.post import send_all
from workflows.notices.claiming import claim
from workflows.notices.plan import Means, plan
from workflows.notices.recording import record
from workflows.notices.retries import next_digest
from workflows.trail import now

log = structlog.get_logger()
BATCH = 250
# Well within the time that RQ gives a job; whatever is left then gets a job of its own.
_ENOUGH = 240.0


def relay_notices() -> None:
    """Plan what waits in the outbox and send what is due, batch by batch, until all is done.

    It may run twice, at the same time or after each other: a message is planned by the
    transaction that takes it, and a delivery is taken by one worker at a time.
    """
    with surroundings():
        rung = bell()
        if rung is not None:
            rung.answer()
        guard, began = Guard(networks=settings().networks()), monotonic()
        while _relay_batch(guard):
            if monotonic() - began > _ENOUGH:
                ring()
                return


def sweep_notices() -> None:
    """Deliver what nobody rang for: Redis was away, a worker died, or a retry is due."""
    relay_notices()


def _relay_batch(guard: Guard) -> bool:
    """Tell whether there was anything to do."""
    means = _means()
    with transaction() as connection:
        planned = plan(connection, moment(), means, BATCH)
    with transaction() as connection:
        orders = claim(connection, moment(), BATCH)
    if orders:
        results = send_all(settings(), orders, guard, MailServer(settings()))
        with transaction() as connection:
            record(connection, moment(), results)
    return bool(planned or orders)


def _means() -> Means:
    chosen = settings()
    with database().connect() as connection:
        at = now(connection, moment())
    return Means(chosen.sends_mail, next_digest(at, chosen.digest_hour, ZoneInfo(chosen.timezone)))
