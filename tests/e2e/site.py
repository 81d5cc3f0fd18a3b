"""The program as an operator runs it: a web server and a worker over a database of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import redis
from sqlalchemy import text

from config.settings import project_root
from tests.database import Database
from tests.world import SEAL, TODAY, World, opened
from webapp.embedded import EngineUrls
from webapp.passwords import hash_password
from workflows.moment import Moment

PASSWORD = "een lang wachtwoord"
# At noon of the day that stands still, as the demo does it: recorded times lie on that day.
OFFSET = datetime(2017, 2, 1, 11, tzinfo=UTC) - datetime.now(UTC)
MOMENT = Moment(TODAY, offset=OFFSET, seal=SEAL)
_STARTS_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Site:
    """A running program: its address, and the world in which steps can be taken directly."""

    address: str
    world: World


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def let_sign_in(database: Database, *, demonstration: bool) -> None:
    """Give every user the password; in a demonstration the day stands still."""
    facts = {"demo_today": TODAY.isoformat(), "clock_offset_seconds": str(OFFSET.total_seconds())}
    with database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE user_account SET password_hash = :hash"), {"hash": _hashed()}
        )
        for name, value in facts.items() if demonstration else ():
            connection.execute(
                text(
                    "INSERT INTO program_fact (name, value, recorded_at)"
                    " VALUES (:name, :value, now())"
                ),
                {"name": name, "value": value},
            )


@contextmanager
def served(
    database: Database, urls: EngineUrls, folder: Path, *, demonstration: bool
) -> Iterator[Site]:
    """Yield a program that runs on a database with the world in it."""
    let_sign_in(database, demonstration=demonstration)
    with redis.from_url(urls.redis_url) as connection:
        # Every test signs in from one address; what a former module counted is not this one's.
        connection.flushdb()
    port = _free_port()
    environment = _environment(database, urls, folder)
    with ExitStack() as stack:
        web = stack.enter_context(_running(_web(port), environment, folder / "web.log"))
        worker = [sys.executable, "-m", "webapp.worker", "jobs"]
        stack.enter_context(_running(worker, environment, folder / "worker.log"))
        address = f"http://127.0.0.1:{port}"
        _await(f"{address}/healthz", web, folder / "web.log")
        world = stack.enter_context(opened(database))
        yield Site(address, replace(world, moment=MOMENT) if demonstration else world)


def _environment(database: Database, urls: EngineUrls, folder: Path) -> Mapping[str, str]:
    return os.environ | {
        "DATABASE_URL": database.url,
        "REDIS_URL": urls.redis_url,
        "THUISROUTE_DATA": str(folder),
        "THUISROUTE_SECRET_KEY": "the signing key of the tests",
        "THUISROUTE_SEAL_KEY": SEAL.decode(),
        "THUISROUTE_SECOND_FACTOR": "true",
        "THUISROUTE_LOCALE": "nl",
    }


def _web(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4",
        "--log-level", "warning", "webapp.wsgi:application",
    ]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        started = subprocess.Popen(
            command, cwd=project_root(), env=environment, stdout=output, stderr=output
        )
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(timeout=15)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def _await(address: str, web: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN.total_seconds()
    while web.poll() is None and time.monotonic() < until:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - an address of this machine
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the web server does not answer:\n{log.read_text()[-4000:]}")
