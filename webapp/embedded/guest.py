"""Under which user the servers run: PostgreSQL refuses to run as root.

An ordinary user runs them as itself. For root there are two ways. In a user namespace of its own
the server believes to be an ordinary user while its files stay root's; nothing needs another owner
or mode. Where the kernel or a container forbids that, the server becomes an ordinary user in truth,
and then only folders inside the data folder change owner; those above must already let it pass.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.embedded.errors import EngineError


@dataclass(frozen=True)
class Guest:
    """What goes before a server's command, and who owns the server's files (None: the program)."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder of the data folder to the guest; raises OSError."""
        if self.owner is not None:
            os.chown(path, *self.owner)


def choose(data: Path, binary: Path) -> Guest:
    """Return how to run `binary` on `data`; raises EngineError when root has no way."""
    if os.geteuid() != 0:
        return Guest()
    account = _ordinary_account()
    mapped = _mapping(account)
    if mapped is not None:
        return Guest(prefix=mapped)
    return _in_truth(account, data, binary)


def _ordinary_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EngineError(
        "PostgreSQL does not run as root and this system has no ordinary account to run it under. "
        "Start thuisroute as an ordinary user."
    )


@cache
def _mapping(account: pwd.struct_passwd) -> tuple[str, ...] | None:
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    ids = (f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}")
    prefix = (unshare, "--user", *ids, "--")
    trial = subprocess.run([*prefix, "true"], check=False, capture_output=True)  # noqa: S603 - own words
    return prefix if trial.returncode == 0 else None


def _in_truth(account: pwd.struct_passwd, data: Path, binary: Path) -> Guest:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineError(
            "PostgreSQL does not run as root, and neither unshare nor setpriv is here to run it as "
            "another user. Start thuisroute as an ordinary user, or set DATABASE_URL."
        )
    prefix = (
        setpriv,
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--",
    )
    _require_reach(prefix, account.pw_name, binary, remedy="install the program below /opt")
    # Passing through is enough: the contents of the data folder stay closed to others.
    data.chmod(0o711)
    _require_reach(
        prefix, account.pw_name, data / ".", remedy="set THUISROUTE_DATA=/var/lib/thuisroute"
    )
    return Guest(prefix=prefix, owner=(account.pw_uid, account.pw_gid))


def _require_reach(prefix: tuple[str, ...], user: str, path: Path, *, remedy: str) -> None:
    command = [*prefix, "test", "-x", str(path)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:  # noqa: S603 - as above
        raise EngineError(
            f"PostgreSQL does not run as root, and the user {user} cannot reach {path}. "
            f"No permission is changed for that: {remedy}, start thuisroute as an ordinary user, "
            "or set DATABASE_URL."
        )
