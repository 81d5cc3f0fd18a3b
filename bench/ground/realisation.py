"""What the sums that move along add to a sign-off: pairs of neighbours, one with and one without.

The two of a pair follow each other within milliseconds, in an order that alternates, so that what
slows one slows the other; the median over many pairs forgets the pairs that something came between.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, text

from bench.ground.journey import JOURNEY, Household, households, travel
from bench.ground.measure import Json, percentile
from bench.ground.world import World
from workflows import effects
from workflows.engine import take

AT_ONCE = 30
WARMING_UP = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one sign-off: wall, CPU of this process, CPU of the server's process."""

    wall: float
    client: float
    server: float

    @property
    def cpu(self) -> float:
        """CPU of both."""
        return self.client + self.server


Pair = tuple[Cost, Cost]


def extra(world: World, rounds: int) -> Json:
    """Return what the sums add, from `AT_ONCE` pairs in each round."""
    with world.engine.connect() as connection:
        server = _server_clock(connection)
        found: list[Pair] = []
        for turn in range(rounds + WARMING_UP):
            pairs = list(_pairs(world, connection, server))
            found += pairs if turn >= WARMING_UP else []
    return {
        "pairs": len(found),
        **{
            kind: _compared([(getattr(a, kind), getattr(b, kind)) for a, b in found])
            for kind in ("wall", "cpu", "client", "server")
        },
    }


def _compared(pairs: list[tuple[float, float]]) -> Json:
    """Return the median difference with its quartiles, as shares of a sign-off without sums."""
    without = median(bare for _, bare in pairs)
    differences = [whole - bare for whole, bare in pairs]
    return {
        "extra": round(median(differences) / without, 3) if without else None,
        "quartiles": [
            round(percentile(differences, share) / without, 3) if without else None
            for share in (0.25, 0.75)
        ],
        "with_ms": round(median(whole for whole, _ in pairs) * 1e3, 3),
        "without_ms": round(without * 1e3, 3),
    }


def _pairs(
    world: World, connection: Connection, server: Callable[[], float]
) -> Iterator[tuple[Cost, Cost]]:
    # Four neighbours of `households` are of one municipality; two of them make a pair.
    travellers = households(world, 2 * AT_ONCE)
    travel(world, travellers, len(JOURNEY) - 1)
    for number in range(AT_ONCE):
        one, other = travellers[2 * number : 2 * number + 2]
        if number % 2:
            bare = _without(world, connection, server, other)
            yield _sign_off(world, connection, server, one), bare
        else:
            yield (
                _sign_off(world, connection, server, one),
                _without(world, connection, server, other),
            )


def _sign_off(
    world: World, connection: Connection, server: Callable[[], float], household: Household
) -> Cost:
    request = household.next_request()
    before, client, wall = server(), process_time(), perf_counter()
    with connection.begin():
        take(connection, request, world.moment)
    wall, client = perf_counter() - wall, process_time() - client
    return Cost(wall, client, server() - before)


def _without(
    world: World, connection: Connection, server: Callable[[], float], household: Household
) -> Cost:
    with _no_sums():
        return _sign_off(world, connection, server, household)


@contextmanager
def _no_sums() -> Iterator[None]:
    nothing: Callable[[Any], list[Any]] = lambda _lines: []  # noqa: E731 - what a patch puts in place
    with (
        patch.object(effects, "rollup_rows", nothing),
        patch.object(effects, "balance_changes", nothing),
    ):
        yield


def _server_clock(connection: Connection) -> Callable[[], float]:
    """Return a clock of the CPU that the connection's server process used; 0 where none tells."""
    process: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    connection.rollback()
    told = Path(f"/proc/{process}/schedstat")

    def seconds() -> float:
        return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0

    return seconds
