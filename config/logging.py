"""Structured logging without personal data."""

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from config.settings import Settings

# A case is named by its reference; whatever else could name a person never reaches a log.
PERSONAL = frozenset(
    {
        "address", "birth_date", "born", "bsn", "email", "family_name", "given_names",
        "initials", "name", "nationality", "password", "payload", "phone", "secret", "token",
        "v_number",
    }
)  # fmt: skip


def hide_personal(
    _logger: object, _method: str, entry: "MutableMapping[str, object]"
) -> "MutableMapping[str, object]":
    """Replace the values of fields that may hold personal data or secrets."""
    for field in PERSONAL.intersection(entry):
        entry[field] = "(hidden)"
    return entry


def configure(settings: "Settings") -> None:
    """Send structlog's and the libraries' lines to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_ending(settings.log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # Their lines below this level tell of every job and its arguments, or of nothing.
    for chatty in ("alembic.runtime", "asyncio", "faker", "rq"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _ending(log_format: str) -> "list[structlog.typing.Processor]":
    if log_format == "json":
        # Tracebacks without local variables: those could hold a person's data.
        return [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
