"""Keeps SpiffWorkflow in an environment of its own and asks it for manual steps."""

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bench.ground.measure import Spent
from config.settings import project_root

_SCRIPTS = Path(__file__).with_name("spiffworkflow")


class Spiff:
    """A running `manual_steps.py`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def steps(self, number: int) -> Spent:
        """Take a number of manual steps (at most 200) and return what they cost over there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        return Spent(**json.loads(self._process.stdout.readline()))


@contextmanager
def started(url: str) -> Iterator[Spiff]:
    """Yield SpiffWorkflow beside a database; raises CalledProcessError if pip cannot fetch it."""
    command = [str(_environment()), str(_SCRIPTS / "manual_steps.py"), url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Spiff(process)


def _environment() -> Path:
    """Return the Python of the environment, made at the first use."""
    wanted = _SCRIPTS / "requirements.txt"
    digest = sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = project_root() / "data" / "bench" / f"spiffworkflow-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--requirement", str(wanted)], check=True, stdout=sys.stderr)
        (folder / "complete").touch()
    return python
