"""`thuisroute run` with a tiny web application: start, refusal, restart, end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

APPLICATION = """
import os, threading
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    owner = "DATABASE_OWNER_URL" in os.environ
    return [f"{os.getppid()} {os.getpid()} {threading.get_ident()} {owner}".encode()]
"""
RUN = ("run", "--application", "tiny:application")


class Installation:
    """A data folder, a port and the commands on them."""

    def __init__(self, folder: Path) -> None:
        (folder / "tiny.py").write_text(APPLICATION)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.data = folder / "data"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("THUISROUTE_", "DATABASE_", "REDIS_"))
        } | {
            "PYTHONPATH": str(folder),
            "THUISROUTE_DATA": str(self.data),
            "THUISROUTE_PORT": str(self.port),
        }
        self.command = str(Path(sys.executable).with_name("thuisroute"))

    def call(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [self.command, *words],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def begin(self) -> "subprocess.Popen[str]":
        """Start the program and wait for its address."""
        program = subprocess.Popen(
            [self.command, *RUN],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert program.stdout is not None
        said = ""
        for line in program.stdout:
            said += line
            if f"http://127.0.0.1:{self.port}" in line:
                return program
        program.communicate()
        pytest.fail(said)

    def page(self) -> list[str]:
        """Return what the tiny application says of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return str(answer.read().decode()).split()

    def processes(self) -> str:
        """Return the command lines of what belongs to this installation."""
        listed = subprocess.run(["ps", "-ww", "-eo", "args"], check=True, capture_output=True)
        words = re.compile(f"{re.escape(str(self.data))}/|--port {self.port} ")
        return "\n".join(line for line in listed.stdout.decode().splitlines() if words.search(line))


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path)
    migrated = made.call("migrate")
    assert migrated.returncode == 0, migrated.stderr
    return made


Begin = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def begin(installation: Installation) -> Iterator[Begin]:
    begun: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        begun.append(installation.begin())
        return begun[-1]

    yield start
    for program in begun:
        if program.poll() is None:
            program.terminate()
        program.communicate(timeout=60)


def eventually(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Fail when a condition does not come true in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def ended(pid: int) -> bool:
    """Whether a process is gone, or waits for its parent to notice that it is."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True)
    return state.stdout.strip()[:1] in {b"", b"Z"}


def test_an_uninitialised_folder_is_refused(tmp_path: Path) -> None:
    made = Installation(tmp_path)
    refused = made.call(*RUN)
    assert refused.returncode == 1
    assert "thuisroute migrate" in refused.stderr
    assert not made.data.exists()


def test_it_serves_until_sigterm_and_leaves_nothing(
    installation: Installation, begin: Begin
) -> None:
    installation.environment["DATABASE_OWNER_URL"] = "postgresql://owner@nowhere/none"
    program = begin()
    assert installation.page()[-1] == "False", "children never see the owner's URL"
    program.send_signal(signal.SIGTERM)
    assert program.wait(30) == 0
    assert installation.processes() == ""


def test_a_killed_web_server_comes_back(installation: Installation, begin: Begin) -> None:
    begin()
    server, child = (int(number) for number in installation.page()[:2])
    os.kill(server, signal.SIGKILL)

    def again() -> bool:
        try:
            return installation.page()[1] != str(child)
        except OSError:
            return False

    eventually(again)
    # Its own children went with it: none goes on answering with old code.
    eventually(lambda: ended(child))


def test_a_killed_program_starts_again_at_once(installation: Installation, begin: Begin) -> None:
    begin().kill()
    begin()
    assert installation.page()


def test_a_second_start_and_a_taken_port_are_told_apart(
    installation: Installation, begin: Begin
) -> None:
    program = begin()
    assert f"(process {program.pid})" in installation.call(*RUN).stderr
    program.terminate()
    program.wait(30)
    with socket.create_server(("127.0.0.1", installation.port)):
        taken = installation.call(*RUN)
    assert taken.returncode == 1
    assert f"port {installation.port}" in taken.stderr
    assert "THUISROUTE_PORT=" in taken.stderr


def test_a_command_works_beside_the_program(installation: Installation, begin: Begin) -> None:
    begin()
    assert installation.call("migrate").returncode == 0
    assert installation.page()


def test_threads_and_so_connections_are_bounded(installation: Installation, begin: Begin) -> None:
    installation.environment |= {"THUISROUTE_WORKERS": "1", "THUISROUTE_THREADS": "2"}
    begin()
    assert len({installation.page()[2] for _ in range(30)}) <= 2
