"""The nightly check that what is stored follows from what happened."""

from collections import Counter

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.quota.verify import verify
from workflows.trail import record_audit

log = structlog.get_logger()


def verify_nightly() -> dict[str, int]:
    """Verify everything, and return and record the number of differences by kind.

    Running it twice does no harm: it changes nothing but adds its line to the audit trail.
    """
    with surroundings(), transaction() as connection:
        found = Counter(each.kind for each in verify(connection, moment().seal))
        outcome = tuple(f"{kind}={count}" for kind, count in sorted(found.items()))
        record_audit(
            connection,
            moment(),
            None,
            "verify",
            subject="different" if found else "clean",
            fields=outcome,
        )
    # Subjects name cases, so only counts are logged.
    log.info("verified", differences=found.total(), kinds=dict(found))
    return dict(found)
