"""Tells of terms that come near or pass, and lets handovers expire: catches up by itself."""

from collections.abc import Callable

import structlog
from sqlalchemy import Connection

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.deadlines.adulthood import raise_adulthood_tasks
from workflows.deadlines.alerts import fire_alerts
from workflows.deadlines.expiry import expire_handovers
from workflows.moment import Moment

log = structlog.get_logger()


def follow_deadlines() -> dict[str, int]:
    """Make tasks that a date brings, fire every alert that stands, expire handovers.

    Each batch is a transaction of its own. Running it again does nothing more: what was told
    stands in the database, so that a day without a worker is caught up, in order and once.
    """
    with surroundings():
        with transaction() as connection:
            tasks = raise_adulthood_tasks(connection, moment())
        alerts = _until_done(fire_alerts)
        expired = _until_done(expire_handovers)
    log.info("deadlines followed", tasks=tasks, alerts=alerts, expired=expired)
    return {"tasks": tasks, "alerts": alerts, "expired": expired}


def _until_done(act: Callable[[Connection, Moment], int]) -> int:
    done = 0
    while True:
        with transaction() as connection:
            some = act(connection, moment())
        if not some:
            return done
        done += some
