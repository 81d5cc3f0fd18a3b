"""The embedded servers, started and ended as hard as users and machines do it."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.settings import Settings
from webapp.embedded import EngineError, EngineUrls, engines, guest

SCRIPT = Path(__file__).with_name("engine_script.py")
ROOT = SCRIPT.parents[2]
NOBODY = 65534


class Program:
    """A process of its own that holds the servers of a data folder."""

    def __init__(self, folder: Path, *prefix: str) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def urls(self) -> EngineUrls:
        """Wait for the servers; fails with what the process said."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return EngineUrls(**json.loads(line))

    def end(self) -> tuple[int, str]:
        """Let it end by itself; return its exit code and what it said on standard error."""
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def kill(self) -> None:
        """Kill -9, without a chance to stop its servers."""
        self.process.kill()
        self.process.communicate(timeout=60)


Start = Callable[..., Program]


@pytest.fixture
def start() -> Iterator[Start]:
    begun: list[Program] = []

    def begin(folder: Path, *prefix: str) -> Program:
        begun.append(Program(folder, *prefix))
        return begun[-1]

    yield begin
    for program in begun:
        if program.process.poll() is None:
            program.end()


def write(urls: EngineUrls) -> None:
    """Leave a row and a key, each acknowledged by its server."""
    assert urls.database_owner_url is not None
    with psycopg.connect(urls.database_owner_url) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (42)")
    with redis.Redis.from_url(urls.redis_url) as client:
        client.set("kept", 42)


def read(urls: EngineUrls) -> tuple[object, object]:
    """Return the row and the key."""
    assert urls.database_owner_url is not None
    with psycopg.connect(urls.database_owner_url) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    with redis.Redis.from_url(urls.redis_url) as client:
        return row, client.get("kept")


def processes_of(folder: Path) -> set[int]:
    """Return the processes whose command line names the folder, this one excepted."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], check=True, capture_output=True, text=True
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()[1:]]
    return {int(pid) for pid, words in lines if f"{folder}/" in words} - {os.getpid()}


def wait_until_gone(folder: Path) -> None:
    """Fail when a server of the folder still runs after twenty seconds."""
    until = time.monotonic() + 20
    while processes_of(folder):
        assert time.monotonic() < until, "a server outlived its program"
        time.sleep(0.05)


def settings_of(folder: Path) -> Settings:
    return Settings(data=folder, database_url=None, database_owner_url=None, redis_url=None)


def test_data_survive_an_ordinary_stop(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "data")
    write(first.urls())
    assert first.end() == (0, "")
    assert not processes_of(tmp_path)
    assert read(start(tmp_path / "data").urls()) == ((42,), b"42")


def test_sigterm_stops_the_servers(tmp_path: Path, start: Start) -> None:
    program = start(tmp_path / "data")
    program.urls()
    program.process.send_signal(signal.SIGTERM)
    program.end()
    wait_until_gone(tmp_path)


def test_a_killed_program_leaves_no_server_and_loses_nothing(tmp_path: Path, start: Start) -> None:
    program = start(tmp_path / "data")
    write(program.urls())
    program.kill()
    # At once: the servers of the first may still be stopping.
    assert read(start(tmp_path / "data").urls()) == ((42,), b"42")


def test_orphans_of_a_killed_lifeline_are_stopped(tmp_path: Path, start: Start) -> None:
    program = start(tmp_path / "data")
    write(program.urls())
    lifelines = subprocess.run(
        ["pgrep", "-f", f"lifeline.py .*{tmp_path}/"], check=True, capture_output=True, text=True
    )
    for pid in lifelines.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    program.kill()
    assert processes_of(tmp_path), "the test needs orphans"
    assert read(start(tmp_path / "data").urls()) == ((42,), b"42")


def test_killed_servers_recover(tmp_path: Path, start: Start) -> None:
    program = start(tmp_path / "data")
    write(program.urls())
    time.sleep(1.1)  # Valkey promises its last second only
    there = processes_of(tmp_path)
    assert len(there) > 3, there
    for pid in there | {program.process.pid}:
        os.kill(pid, signal.SIGKILL)
    program.kill()
    assert read(start(tmp_path / "data").urls()) == ((42,), b"42")


def test_a_stale_pid_of_another_process_is_no_hindrance(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "data")
    write(first.urls())
    first.end()
    # As after a crash in a container, where another process soon has the same number.
    (tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid").write_text(
        f"{os.getpid()}\n/elsewhere\n0\n5432\n\n\n\nready\n"
    )
    assert read(start(tmp_path / "data").urls()) == ((42,), b"42")


def test_a_second_start_is_refused_by_name(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "data")
    first.urls()
    code, said = start(tmp_path / "data").end()
    assert code == 1
    assert f"(process {first.process.pid})" in said
    assert "THUISROUTE_DATA" in said


def test_a_command_shares_the_servers_of_a_running_program(tmp_path: Path, start: Start) -> None:
    program = start(tmp_path / "data")
    expected = program.urls()
    with engines(settings_of(tmp_path / "data")) as shared:
        assert shared == expected
    write(expected)  # they still run


@pytest.mark.parametrize("made", ["file", "below a file"])
def test_an_unwritable_folder_is_named(tmp_path: Path, made: str) -> None:
    (tmp_path / "taken").write_text("")
    folder = tmp_path / "taken" if made == "file" else tmp_path / "taken" / "data"
    with pytest.raises(EngineError, match=f"{folder} cannot be written.*THUISROUTE_DATA"):
        engines(settings_of(folder)).__enter__()


def test_a_cluster_of_another_major_version_is_refused(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path / "data")
    first.urls()
    first.end()
    (tmp_path / "data" / "postgres" / "cluster" / "PG_VERSION").write_text("15\n")
    code, said = start(tmp_path / "data").end()
    assert code == 1
    assert "made by PostgreSQL 15" in said
    assert not processes_of(tmp_path)


def test_a_half_made_cluster_is_made_again(tmp_path: Path, start: Start) -> None:
    half = tmp_path / "data" / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    start(tmp_path / "data").urls()


def test_a_long_or_strange_path_gets_sockets_elsewhere(tmp_path: Path, start: Start) -> None:
    data = tmp_path / ("a folder, " + "n" * 120) / "data"
    program = start(data)
    urls = program.urls()
    write(urls)
    sockets = Path((data / "sockets.path").read_text())
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    program.end()
    assert not sockets.exists()


def test_nobody_else_can_read_what_is_secret(tmp_path: Path, start: Start) -> None:
    data = tmp_path / "data"
    start(data).urls()
    modes = {
        path.relative_to(data).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in [data, *data.rglob("*")]
        if path.relative_to(data).parts[:2] != ("postgres", "cluster")
    }
    open_to_others = {name for name, mode in modes.items() if mode & 0o077}
    # Everything lies below a folder that only its owner enters.
    assert modes["."] == 0o700
    assert not {name for name in open_to_others if name.startswith(("secrets", "sockets"))}
    assert modes["engines.json"] == 0o600
    assert {modes[f"secrets/postgres-{role}"] for role in ("owner", "program", "superuser")} == {
        0o600
    }


def test_the_program_owns_nothing_and_cannot_make_tables(engine_urls: EngineUrls) -> None:
    with psycopg.connect(engine_urls.database_url) as connection:
        owned = connection.execute("SELECT 1 FROM pg_class WHERE relowner = current_user::regrole")
        assert owned.fetchone() is None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (number integer)")


def test_configured_urls_are_left_alone(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "unused",
        database_url="postgresql://program@db/thuisroute",
        database_owner_url=None,
        redis_url="redis://queue",
    )
    with engines(settings) as urls:
        assert urls == ("postgresql://program@db/thuisroute", None, "redis://queue")
    assert not (tmp_path / "unused").exists()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@needs_root
def test_root_changes_no_permission_outside_the_data_folder(tmp_path: Path, start: Start) -> None:
    before = {path: path.stat() for path in (tmp_path, tmp_path.parent)}
    start(tmp_path / "data").urls()
    for path, was in before.items():
        now = path.stat()
        assert (now.st_mode, now.st_uid) == (was.st_mode, was.st_uid)
    assert (tmp_path / "data" / "postgres" / "cluster").stat().st_uid == 0


@needs_root
def test_root_without_user_namespaces_becomes_an_ordinary_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guest, "_mapping", lambda _account: None)
    # pytest's own folders are closed to others, and must stay so.
    closed = tmp_path_factory.mktemp("closed") / "data"
    with pytest.raises(EngineError, match=r"cannot reach .*THUISROUTE_DATA"):
        engines(settings_of(closed)).__enter__()
    reachable = Path("/var/tmp") / f"thuisroute-test-{os.getpid()}"  # noqa: S108 - open to all
    try:
        with engines(settings_of(reachable)) as urls:
            write(urls)
            assert (reachable / "postgres" / "cluster").stat().st_uid != 0
    finally:
        shutil.rmtree(reachable, ignore_errors=True)


@needs_root
def test_an_ordinary_user_runs_the_servers_as_itself(start: Start) -> None:
    setpriv = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    usable = [*setpriv, sys.executable, "-c", "import redis, psycopg, pydantic_settings"]
    if subprocess.run(usable, check=False, capture_output=True, cwd=ROOT).returncode != 0:
        pytest.skip("this Python lies in a folder that an ordinary user cannot enter")
    folder = Path("/var/tmp") / f"thuisroute-user-{os.getpid()}"  # noqa: S108 - open to all
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    try:
        program = start(folder / "data", *setpriv)
        write(program.urls())
        assert (folder / "data" / "postgres" / "cluster").stat().st_uid == NOBODY
        assert program.end() == (0, "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
