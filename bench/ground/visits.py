"""Requests for pages through the whole application, with their time and their queries."""

from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter, process_time
from typing import Any

import psycopg
from flask.testing import FlaskClient

from bench.ground.measure import Json, percentile

PINGS = frozenset({"", ";", "SELECT 1"})


class Counted(psycopg.Cursor[Any]):
    """A cursor that counts what it executes."""

    total = 0

    def execute(self, query: Any, *given: Any, **options: Any) -> "Counted":
        """Execute and count."""
        Counted.total += str(query) not in PINGS
        return super().execute(query, *given, **options)


@dataclass(slots=True)
class Visits:
    """What the requests for one page by one user took."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def figure(self) -> Json:
        """Return the percentiles in milliseconds and the most queries of any request.

        CPU is that of the application alone, without the database's.
        """
        return {
            "p50_ms": round(percentile(self.seconds, 0.5) * 1e3, 2),
            "p95_ms": round(percentile(self.seconds, 0.95) * 1e3, 2),
            "cpu_p50_ms": round(percentile(self.cpu, 0.5) * 1e3, 2),
            "cpu_p95_ms": round(percentile(self.cpu, 0.95) * 1e3, 2),
            "queries": max(self.queries),
            "kilobytes": round(percentile(self.sizes, 0.5) / 1024, 1),
            "n": len(self.seconds),
        }


def ask(client: FlaskClient, address: str, visits: Visits) -> None:
    """Ask for a page and note what that took; AssertionError when it does not answer 200."""
    before, cpu, started = Counted.total, process_time(), perf_counter()
    answer = client.get(address)
    size = len(answer.data)
    visits.seconds.append(perf_counter() - started)
    visits.cpu.append(process_time() - cpu)
    visits.queries.append(Counted.total - before)
    visits.sizes.append(size)
    assert answer.status_code == HTTPStatus.OK, (address, answer.status_code)


def count_queries(_dialect: Any, _record: Any, _given: Any, parameters: Any) -> None:
    """Let the cursors of a new connection count; a listener to "do_connect"."""
    parameters["cursor_factory"] = Counted
