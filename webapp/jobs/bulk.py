"""Carries on with work on many cases, and takes up what another worker let fall."""

from datetime import timedelta

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from webapp.long_work import ring_for
from workflows.bulk.advance import advance, standing_still

log = structlog.get_logger()
QUIET = timedelta(seconds=30)
_LONGEST = 600


def ring(reference: str) -> None:
    """Ask a worker to carry on with a run."""
    ring_for("webapp.jobs.bulk.advance_bulk", reference, _LONGEST)


def advance_bulk(reference: str) -> None:
    """Carry a run on to its end, each batch in a transaction of its own.

    A run that was cancelled or is done already is left as it is; raises `NotFound` for an
    unknown reference.
    """
    with surroundings():
        finished = False
        while not finished:
            with transaction() as connection:
                finished = advance(connection, reference, moment()).finished


def sweep_bulk() -> None:
    """Carry on with every run that no worker is busy with: its worker died, or nobody rang."""
    with surroundings():
        with transaction() as connection:
            references = standing_still(connection, moment(), QUIET)
        for reference in references:
            try:
                advance_bulk(reference)
            except Exception as error:  # noqa: BLE001 - one run must not hold up the others
                # The message of a database error can quote values.
                log.error("run failed", run=reference, error=type(error).__name__)  # noqa: TRY400
