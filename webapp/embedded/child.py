"""A child process that never outlives the program."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LIFELINE = Path(__file__).with_name("lifeline.py")


@dataclass
class Child:
    """A command with its lifeline; `name` is for messages."""

    name: str
    process: "subprocess.Popen[bytes]"

    @property
    def running(self) -> bool:
        """Whether the command still runs."""
        return self.process.poll() is None

    @property
    def code(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        """Let go of the lifeline, so that the command gets its ending signal."""
        if self.process.stdin is not None:
            self.process.stdin.close()

    def stop(self, seconds: float = 30) -> None:
        """Let the command end by itself within so many seconds, then kill it."""
        self.ask_to_stop()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def start(
    name: str,
    command: Sequence[str],
    *,
    ending: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    keep: Sequence[int] = (),
) -> Child:
    """Start a command behind a lifeline; `keep` are file descriptors it inherits.

    Raises OSError when the command cannot be started.
    """
    surroundings = dict(os.environ if environment is None else environment)
    surroundings["LIFELINE_KEEP"] = " ".join(map(str, keep))
    # -I -S: neither site packages nor environment, so that the lifeline starts in milliseconds.
    lifeline = [sys.executable, "-I", "-S", str(_LIFELINE), ending.name]
    process = subprocess.Popen(  # noqa: S603 - the command comes from the program itself
        [*lifeline, *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        env=surroundings,
        pass_fds=keep,
        # A session of its own keeps the terminal's signals away from it.
        start_new_session=True,
    )
    return Child(name, process)
