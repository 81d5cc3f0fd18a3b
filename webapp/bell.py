"""Wakes the worker that delivers notices; what nobody rang for, the sweep finds."""

from dataclasses import dataclass, field
from time import monotonic

import structlog
from flask import current_app, has_app_context
from redis import Redis
from redis.exceptions import RedisError

from webapp.queue import NOTICES, connect, job_queue

log = structlog.get_logger()
RUNG = "thuisroute:notices-rung"
# A worker that died with the bell in its hands keeps it silent no longer than the sweep takes.
_FORGOTTEN_AFTER = 30
# A Redis that does not answer must not hold up every commit.
_SILENT_FOR = 10.0
_PATIENCE = 1.0
_LONGEST = 600


@dataclass
class Bell:
    """One bell per process; while it has rung and nobody came yet, it need not ring again."""

    redis: Redis
    _silent_until: float = field(default=0.0)

    def ring(self) -> None:
        """Put the job on the queue, unless it stands there already."""
        if monotonic() < self._silent_until:
            return
        try:
            if self.redis.set(RUNG, 1, nx=True, ex=_FORGOTTEN_AFTER):
                job_queue(self.redis, NOTICES).enqueue(
                    "webapp.jobs.notices.relay_notices", job_timeout=_LONGEST, result_ttl=0
                )
        except RedisError as error:
            self._silent_until = monotonic() + _SILENT_FOR
            log.warning("notices wait for the sweep", error=type(error).__name__)

    def answer(self) -> None:
        """Let it ring again: what is committed from now on, this worker may not see."""
        try:
            self.redis.delete(RUNG)
        except RedisError as error:
            log.warning("bell not answered", error=type(error).__name__)


def bell() -> Bell | None:
    """Return the bell of the running application; None where there is no Redis, or no program."""
    if not has_app_context() or "settings" not in current_app.extensions:
        return None
    url = current_app.extensions["settings"].redis_url
    if url is None:
        return None
    if "bell" not in current_app.extensions:
        redis = connect(url.get_secret_value(), patience=_PATIENCE)
        current_app.extensions["bell"] = Bell(redis)
    found: Bell = current_app.extensions["bell"]
    return found


def ring() -> None:
    """Wake the worker that delivers notices."""
    found = bell()
    if found is not None:
        found.ring()
