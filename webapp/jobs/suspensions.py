"""Lets the clock run again for cases whose suspension is over."""

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.suspension import resume_those_over

log = structlog.get_logger()


def resume_on_time() -> int:
    """Resume what was suspended until yesterday or earlier, and return how many cases.

    Running it twice does no harm: what runs again is not suspended any more.
    """
    with surroundings(), transaction() as connection:
        resumed = resume_those_over(connection, moment())
    log.info("suspensions ended", cases=resumed)
    return resumed
