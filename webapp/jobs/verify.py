"""The check that what is stored follows from what happened: each night, and when asked."""

from datetime import timedelta

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from webapp.long_work import ring_for
from workflows import verification
from workflows.quota.verify import PARTS, verify_part

log = structlog.get_logger()
_LONGEST = 3600
# A run says after each part that it is alive; the longest part of a large installation is minutes.
QUIET = timedelta(minutes=30)


def ring(reference: str) -> None:
    """Ask a worker to carry out a run."""
    ring_for("webapp.jobs.verify.run_verification", reference, _LONGEST)


def verify_nightly() -> None:
    """Verify everything and keep what was found; a second time in one night does nothing."""
    with surroundings():
        with transaction() as connection:
            reference = verification.ask_nightly(connection, moment())
        if reference is not None:
            run_verification(reference)


def run_verification(reference: str) -> None:
    """Carry out a run part by part; one that is over already is left as it is."""
    with surroundings():
        try:
            _carry_out(reference)
        except Exception:
            with transaction() as connection:
                verification.fail(connection, reference, moment())
            raise


def _carry_out(reference: str) -> None:
    found = verification.Tally()
    for number, part in enumerate(PARTS):
        with transaction() as connection:
            percent = 100 * number // len(PARTS)
            if not verification.touch(connection, reference, percent, moment()):
                return
        with transaction() as connection:
            for difference in verify_part(connection, moment().seal, part):
                found.add(difference)
    with transaction() as connection:
        verification.finish(connection, reference, found, moment())
    # Subjects name cases, so only counts are logged.
    log.info("verified", differences=found.counts.total(), kinds=dict(found.counts))


def sweep_verification() -> None:
    """Carry out the run that nobody carries out."""
    with surroundings():
        with transaction() as connection:
            reference = verification.standing_still(connection, moment(), QUIET)
        if reference is not None:
            run_verification(reference)
