"""An exception to a rule of ruff or mypy carries its reason, beside it or on the line above."""

import re
from collections.abc import Iterable, Iterator

import pytest

from tests.architecture.sources import Source, python

# Spelled in two parts, so that neither tool takes these lines for exceptions.
NOQA, IGNORE = "# no" + "qa: {code}", "# type: ig" + "nore[{code}]"
_EXCEPTION = re.compile(r"#\s*(?:no" + r"qa: [A-Z0-9, ]+|type: ig" + r"nore\[[a-z, -]+\])")
_WORDS = re.compile(r"[a-zA-Z]{2,}")


def unexplained(sources: Iterable[Source]) -> list[str]:
    """Find exceptions of which nobody says why."""
    return [f"{source.path}:{number}" for source in sources for number in _unexplained(source)]


def _unexplained(source: Source) -> Iterator[int]:
    above = ""
    for number, line in enumerate(source.text.splitlines(), 1):
        if _EXCEPTION.search(line):
            reason = "".join(_EXCEPTION.split(line)[1:])
            if not _WORDS.search(reason) and not above.lstrip().startswith("#"):
                yield number
        above = line


def test_every_exception_has_its_reason() -> None:
    assert unexplained(python()) == []


@pytest.mark.parametrize("exception", [NOQA.format(code="S101"), IGNORE.format(code="misc")])
def test_an_exception_without_reason_is_seen(exception: str) -> None:
    assert unexplained([Source("a.py", f"run()\nassert x  {exception}\n")]) == ["a.py:2"]
    assert unexplained([Source("a.py", f"assert x  {exception} - it is the point here\n")]) == []
    assert unexplained([Source("a.py", f"# It is the point here.\nassert x  {exception}\n")]) == []
