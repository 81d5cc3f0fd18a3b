"""Keep the processes of the program running, and start them again when they end."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from webapp.embedded import child

_LONGEST_PAUSE = 30.0
# After so many seconds of running, an end counts as the first again.
_SETTLED_AFTER = 60.0

log = structlog.get_logger()


@dataclass
class Watched:
    """A process to keep running; `failures` counts its ends in a row."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    failures: int = 0
    _child: child.Child | None = None
    _started: float = 0.0
    _pause_until: float = 0.0

    def tend(self) -> None:
        """Start the process when it does not run and its pause is over."""
        now = time.monotonic()
        if self._child is not None and not self._child.running:
            self._note_end(self._child.code, now)
            self._child = None
        if self._child is None and now >= self._pause_until:
            self._child = child.start(self.name, self.command, environment=self.environment)
            self._started = now

    def ask_to_stop(self) -> None:
        """Let the process end by itself."""
        if self._child is not None:
            self._child.ask_to_stop()

    def stop(self) -> None:
        """Wait for its end, and kill it when that takes too long."""
        if self._child is not None:
            self._child.stop(seconds=20)

    def _note_end(self, code: int | None, now: float) -> None:
        settled = now - self._started > _SETTLED_AFTER
        self.failures = 1 if settled else self.failures + 1
        pause = min(0.5 * 2**self.failures, _LONGEST_PAUSE)
        self._pause_until = now + pause
        log.warning("process ended", process=self.name, code=code, again_in_seconds=pause)


@dataclass
class Supervisor:
    """Several processes, which start and end together."""

    processes: list[Watched]

    def tend(self) -> None:
        """Look once after every process."""
        for process in self.processes:
            process.tend()

    def end(self) -> None:
        """Let all end at the same time, and wait until they have."""
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.stop()
