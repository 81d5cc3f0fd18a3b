"""Figures for Prometheus: what waits and what failed, without a name or reference of anybody."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError

from webapp.auth import settings
from webapp.bell import bell
from webapp.clock import moment
from webapp.db import transaction
from webapp.queue import QUEUES, job_queue
from workflows.reading.deliveries import Backlog, backlog
from workflows.trail import now

blueprint = Blueprint("metrics", __name__)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Whoever asks through a proxy comes from elsewhere, though the proxy stands on this machine.
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures to who shows the token, or without one to who asks from this machine."""
    if not _may_ask():
        abort(404)
    with transaction() as connection:
        found, at = backlog(connection, moment()), now(connection, moment())
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(found, at))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_ask() -> bool:
    token = settings().metrics_token
    if token is None:
        forwarded = any(name in request.headers for name in _FORWARDED)
        return request.remote_addr in _LOOPBACK and not forwarded
    shown = request.headers.get("Authorization", "").encode(errors="replace")
    return hmac.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode())


class _Figures:
    """The figures of one moment."""

    def __init__(self, found: Backlog, at: datetime) -> None:
        self._found = found
        self._at = at

    def collect(self) -> Iterator[Any]:
        """Yield each figure."""
        found = self._found
        for name, words, value in (
            ("outbox_waiting", "Messages without notices and deliveries yet.", found.unplanned),
            ("deliveries_waiting", "Deliveries that are on their way.", found.waiting),
            ("deliveries_failing", "Of these, tried in vain at least once.", found.failing),
            ("deliveries_dead", "Deliveries that were given up.", found.dead),
            ("deliveries_kept", "Mail not sent for want of a mail server.", found.kept),
            ("oldest_undelivered_seconds", "Age of the oldest that waits.", self._age()),
        ):
            yield GaugeMetricFamily(f"thuisroute_{name}", words, value=value)
        lengths = GaugeMetricFamily(
            "thuisroute_queue_jobs", "Jobs that wait in a queue.", labels=["queue"]
        )
        for queue, length in self._queues():
            lengths.add_metric([queue], length)
        yield lengths

    def _age(self) -> float:
        oldest = self._found.oldest_at
        return 0.0 if oldest is None else max((self._at - oldest).total_seconds(), 0.0)

    def _queues(self) -> Iterator[tuple[str, int]]:
        found = bell()
        if found is None:
            return
        try:
            for name in QUEUES:
                yield name, job_queue(found.redis, name).count
        except RedisError:
            # No figure is a figure too: an alarm on its absence tells that Redis is away.
            return
