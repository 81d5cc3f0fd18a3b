"""What `make test` leaves out, `make test-full` runs: no test is forgotten or done twice."""

import re
import tomllib
from itertools import product

import pytest

from tests.architecture.sources import ROOT

MARKS = ("full", "browser")


def usual(pyproject: str) -> str:
    """Return the marks that pytest runs when nobody names any."""
    given = tomllib.loads(pyproject)["tool"]["pytest"]["ini_options"]["addopts"]
    return str(given[given.index("-m") + 1])


def asked(makefile: str) -> str:
    """Return the marks that `make test-full` asks for."""
    [found] = re.findall(r'^test-full:\n(?:\t.*\n)*?\t@.*pytest -m "(.+)"', makefile, re.MULTILINE)
    return str(found)


def shares(*expressions: str) -> set[int]:
    """Return how many of the expressions take a test, for tests with any of the marks."""
    found = set()
    for held in product((False, True), repeat=len(MARKS)):
        marks = dict(zip(MARKS, held, strict=True))
        # A mark expression of names, not, and, or is one of Python too.
        found.add(sum(eval(each, {}, marks) for each in expressions))  # noqa: S307 - our own files
    return found


def test_every_test_is_in_one_of_the_two_runs() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text()
    makefile = (ROOT / "Makefile").read_text()
    assert shares(usual(pyproject), asked(makefile)) == {1}
    assert re.search(r"^test: .*\n\t@\S*pytest --numprocesses", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    "careless", ["full", "browser", "full and browser", "not browser", "full or not full"]
)
def test_a_test_forgotten_or_doubled_is_seen(careless: str) -> None:
    assert shares("not full and not browser", careless) != {1}
