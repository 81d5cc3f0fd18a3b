"""PostgreSQL and Valkey from wheels, for an installation that has no servers of its own.

`engines` is the only door: no other code knows whether a server is embedded. Lock files in the data
folder are inherited by the servers, so a lock that can be taken proves that no server runs.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from config.settings import Settings
from webapp.embedded import child, folder, guest, postgres, valkey
from webapp.embedded.errors import EngineError

__all__ = ["EngineError", "EngineUrls", "engines", "fallen", "initialised"]

_OTHER_COMMAND_ENDS_WITHIN = 600
_running: list[child.Child] = []


class EngineUrls(NamedTuple):
    """Where to connect; the owner's URL is None when only the program's own was configured."""

    database_url: str
    database_owner_url: str | None
    redis_url: str


def initialised(settings: Settings) -> bool:
    """Whether the embedded database of this data folder was made before."""
    return (settings.data / "postgres" / "cluster" / "PG_VERSION").is_file()


def fallen() -> str | None:
    """Return the name of a server of this process that ended by itself, if any."""
    return next((each.name for each in _running if not each.running), None)


@contextmanager
def engines(
    settings: Settings, *, exclusive: bool = False, durable: bool = True
) -> Iterator[EngineUrls]:
    """Yield the configured URLs, and those of embedded servers for what is not configured.

    A command beside a running program shares its servers. With `exclusive` (the program itself) a
    second start is refused. `durable=False` is for tests. Raises EngineError.
    """
    configured = _configured(settings)
    if configured is not None:
        yield configured
        return
    folder.prepare(settings.data)
    with ExitStack() as stack:
        lock = stack.enter_context(folder.Lock(settings.data / "program.lock"))
        shared = _take_or_share(lock, settings.data, exclusive=exclusive)
        if shared is None:
            shared = _start(settings, stack, durable=durable)
            if exclusive:
                stack.enter_context(_published(settings.data, shared))
        yield shared


def _configured(settings: Settings) -> EngineUrls | None:
    database_url, redis_url = _plain(settings.database_url), _plain(settings.redis_url)
    if database_url is None or redis_url is None:
        return None
    return EngineUrls(database_url, _plain(settings.database_owner_url), redis_url)


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


def _start(settings: Settings, stack: ExitStack, *, durable: bool) -> EngineUrls:
    data = settings.data
    runner = guest.choose(data, postgres.binaries() / "postgres")
    database = postgres.Postgres(data, runner, durable=durable)
    queue = valkey.Valkey(data, runner)
    # A killed program's servers are told to end through their sockets, so those are removed after.
    earlier = folder.sockets(data)
    for server, given in ((database, settings.database_url), (queue, settings.redis_url)):
        if given is None:
            stack.callback(server.stop)
            server.claim(earlier)
    stack.callback(_running.clear)
    stack.callback(folder.remove_sockets, data)
    sockets = folder.make_sockets(data)
    runner.own(sockets)
    urls = database.start(sockets) if settings.database_url is None else None
    redis_url = queue.start(sockets) if settings.redis_url is None else None
    _running[:] = [each for each in (database.server, queue.server) if each is not None]
    return EngineUrls(
        urls.program if urls is not None else _plain(settings.database_url) or "",
        urls.owner if urls is not None else _plain(settings.database_owner_url),
        redis_url or _plain(settings.redis_url) or "",
    )


def _take_or_share(lock: folder.Lock, data: Path, *, exclusive: bool) -> EngineUrls | None:
    """Return None once the lock is ours, or the URLs of the program that runs there."""
    until = time.monotonic() + _OTHER_COMMAND_ENDS_WITHIN
    published = data / "engines.json"
    while not lock.acquire():
        if exclusive or time.monotonic() > until:
            raise EngineError(
                f"Another thuisroute (process {lock.holder()}) uses the data folder {data}. "
                "Stop it first, or name another folder in THUISROUTE_DATA."
            )
        with suppress(FileNotFoundError):
            return EngineUrls(**json.loads(published.read_text()))
        time.sleep(0.1)
    published.unlink(missing_ok=True)
    return None


@contextmanager
def _published(data: Path, urls: EngineUrls) -> Iterator[None]:
    path, draft = data / "engines.json", data / "engines.json.new"
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(urls._asdict()))
    # Whoever reads it sees all of it.
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
