"""The data folder: one program at a time, sockets on a short and plain path, logs that end."""

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

from config.keys import private_folder
from webapp.embedded.errors import EngineError

# A socket's path is limited to 107 bytes on Linux and 103 on macOS; this leaves room for the name.
_LONGEST_FOLDER = 80
# PostgreSQL takes a comma or blank in a socket's folder for the end of its name.
_PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
_LONGEST_LOG = 5_000_000


class Lock:
    """An advisory lock on a file, held until released or until every holder of it has ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+", encoding="ascii")

    @property
    def descriptor(self) -> int:
        """The file descriptor, for a server that inherits the lock."""
        return self._file.fileno()

    def acquire(self) -> bool:
        """Take the lock and write our pid into it; False when another process holds it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()
        return True

    def holder(self) -> str:
        """Return the pid that its holder wrote."""
        return self.path.read_text(encoding="ascii").strip() or "unknown"

    def close(self) -> None:
        """Let go of the file; a server that inherited it goes on holding it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def prepare(data: Path) -> None:
    """Make the data folder and what the servers need in it; raises EngineError."""
    try:
        private_folder(data)
        for name in ("logs", "secrets"):
            private_folder(data / name)
        probe = data / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise EngineError(
            f"The data folder {data} cannot be written ({error.strerror}). "
            "Give the user that runs thuisroute rights on it, or name another folder in "
            "THUISROUTE_DATA."
        ) from error


def make_sockets(data: Path) -> Path:
    """Return a new folder of mode 0700 on a short and plain path; raises OSError."""
    remove_sockets(data)
    folder = data / "sockets"
    if len(str(folder)) <= _LONGEST_FOLDER and _PLAIN.fullmatch(str(folder)):
        folder.mkdir(mode=0o700)
        return folder
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    # A folder made by mkdtemp is closed to others, also where its parent is open to all.
    parent = runtime if 0 < len(runtime) < _LONGEST_FOLDER // 2 else "/tmp"  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="thuisroute-", dir=parent))
    kept = data / "sockets.path"
    kept.touch(mode=0o600)
    kept.write_text(str(folder))
    return folder


def sockets(data: Path) -> Path:
    """Return the folder of the sockets in use, or where they would be."""
    kept = data / "sockets.path"
    return Path(kept.read_text()) if kept.is_file() else data / "sockets"


def remove_sockets(data: Path) -> None:
    """Remove the folder of sockets, in use or left by a crash."""
    folder = sockets(data)
    if folder.name == "sockets" or folder.name.startswith("thuisroute-"):
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(FileNotFoundError):
        (data / "sockets.path").unlink()


def log_file(data: Path, name: str) -> Path:
    """Return the path of a log; a log grown large is set aside, and only the last one kept."""
    path = data / "logs" / f"{name}.log"
    with suppress(FileNotFoundError):
        if path.stat().st_size > _LONGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
    return path


def last_lines(path: Path, count: int = 5) -> str:
    """Return the end of a log, for a message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"
