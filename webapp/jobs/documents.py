"""Deletes the files that nobody made a document of, or confirmed."""

import structlog

from webapp.clock import moment
from webapp.db import transaction
from webapp.jobs.surroundings import surroundings
from workflows.documents.files import drop_unused_files
from workflows.exchange.history_upload import drop_uploads

log = structlog.get_logger()


def drop_files() -> int:
    """Delete files that were sent more than a day ago, and documents or history they are not.

    Running it twice does no harm: the second time there is nothing to delete.
    """
    with surroundings(), transaction() as connection:
        dropped = drop_unused_files(connection, moment()) + drop_uploads(connection, moment())
    log.info("unused files deleted", files=dropped)
    return dropped
