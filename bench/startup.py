"""From a clean clone to the first page, the second start, and the building of the demo.

`make run` is run in a fresh clone, with the caches of pip, uv and npm that this machine has, until
the first page answers; then again. The baseline is what starting the two embedded servers takes.
"""

import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep
from urllib.error import URLError

from bench.ground.measure import Json, options, publish, target
from bench.ground.world import servers
from config.settings import project_root
from webapp.embedded import engines

PATIENCE = 1200
RESTARTS = 3


def main() -> None:
    """Measure and publish."""
    asked = options("Seconds to the first page, and to the demo.", rounds=RESTARTS)
    folder = project_root() / "data" / "bench" / "clone"
    shutil.rmtree(folder, ignore_errors=True)
    started = perf_counter()
    _git("clone", "--quiet", "--no-hardlinks", str(project_root()), str(folder))
    with _running(folder):
        first = perf_counter() - started
    again = []
    for _ in range(asked.rounds):
        started = perf_counter()
        with _running(folder):
            again.append(perf_counter() - started)
    built = _build(folder)
    base = _bare_start(asked.rounds)
    content: Json = {
        "unit": "seconds to the first page at the second start",
        "n": 1,
        "rounds": asked.rounds,
        "value": round(median(again), 2),
        "baseline": {"name": "start of the embedded servers", "value": round(base, 2)},
        "ratio": round(median(again) / base, 2),
        "first_start_seconds": round(first, 1),
        "demo_build_seconds": round(built, 1),
        "targets": [
            target("clean clone to first page, seconds", first, most=240),
            target("second start, seconds", median(again), most=10),
            target("demo build, seconds", built, most=120),
        ],
    }
    publish("startup", asked, content)


def _git(*words: str) -> None:
    subprocess.run(["git", *words], check=True)  # noqa: S607 - git as the user has it


@contextmanager
def _running(folder: Path) -> Iterator[None]:
    """Yield once the first page of `make run` answers; ends the program afterwards."""
    port = _free_port()
    environment = _environment(folder / "data") | {"THUISROUTE_PORT": str(port)}
    process = subprocess.Popen(
        ["make", "run"],  # noqa: S607 - make as the user has it
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for_page(f"http://127.0.0.1:{port}/", process)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def _wait_for_page(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        assert process.poll() is None, "make run ended by itself"
        with suppress(URLError, ConnectionError, TimeoutError):
            # The sign-in page that the first page leads to.
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own
                assert b"<html" in answer.read()
            return
        sleep(0.1)
    raise TimeoutError(address)


def _build(folder: Path) -> float:
    """Return how long `thuisroute demo build` takes in a data folder of its own."""
    data = folder / "data-of-build"
    started = perf_counter()
    subprocess.run(
        [str(folder / ".venv" / "bin" / "thuisroute"), "demo", "build"],
        cwd=folder,
        env=_environment(data),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return perf_counter() - started


def _bare_start(rounds: int) -> float:
    """Return the median time in which the embedded servers start on folders that exist."""
    with servers("startup") as (settings, _):
        pass
    spent = []
    for _ in range(rounds):
        started = perf_counter()
        with engines(settings):
            spent.append(perf_counter() - started)
    return median(spent)


def _environment(data: Path) -> dict[str, str]:
    """Return this environment without what would point the clone elsewhere."""
    dropped = ("THUISROUTE_", "DATABASE_", "REDIS_", "VIRTUAL_ENV", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"THUISROUTE_DATA": str(data)}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
