"""Fits a model on the outcomes of every week; a person switches it on, or nobody does."""

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.errors import Refused
from workflows.matching.fitted.keeping import fit

log = structlog.get_logger()


def fit_score_model() -> int | None:
    """Fit a model and return its version; None while there are too few outcomes.

    Running it twice does no harm: the same outcomes give the version that there is.
    """
    with surroundings():
        try:
            with transaction() as connection:
                version = fit(connection, moment())
        except Refused as refusal:
            log.info("no score model", reason=refusal.code)
            return None
    log.info("score model fitted", version=version)
    return version
