"""Makes the running price list anew, each week and when room changed much."""

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.matching.running_prices import make_price_list

log = structlog.get_logger()


def refresh_prices() -> bool:
    """Make a price list where one is due; running it twice makes one."""
    with surroundings(), transaction() as connection:
        made = make_price_list(connection, moment())
    log.info("price list looked after", made=made)
    return made
