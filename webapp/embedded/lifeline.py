"""Run a command for as long as the program lives.

Started as a script: `python lifeline.py <signal> <command...>`, with a pipe from the program as its
standard input. However the program ends, kill -9 included, the pipe closes and the command gets the
signal. It stays small and imports little, since one runs beside each server.
"""

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the command; return its exit code, or 128 plus the signal that ended it."""
    ending = signal.Signals[sys.argv[1]]
    kept = tuple(int(number) for number in os.environ.pop("LIFELINE_KEEP", "").split())
    child = subprocess.Popen(  # noqa: S603 - the command comes from the program itself
        sys.argv[2:], stdin=subprocess.DEVNULL, pass_fds=kept
    )
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(ending))
    threading.Thread(target=_end_with_pipe, args=(child, ending), daemon=True).start()
    code = child.wait()
    # A web server that was killed leaves its own children, which would go on answering.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    return 128 - code if code < 0 else code


def _end_with_pipe(child: "subprocess.Popen[bytes]", ending: signal.Signals) -> None:
    # Not sys.stdin: its lock, held by this thread, would spoil the interpreter's own end.
    os.read(0, 1)
    child.send_signal(ending)


if __name__ == "__main__":
    sys.exit(main())
