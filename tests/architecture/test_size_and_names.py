"""Sizes, names and places: what may stand in a file, whatever it does."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, Source, project, python

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MOST_COMPLEX = 8
MEASURED = (".py", ".html", ".css", ".js")
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

# In pieces, so that this file does not find itself.
_HOSTS = re.compile(
    "|".join(
        map(
            re.escape,
            ("registry." + "npmjs", "py" + "pi.org", "python" + "hosted.org", "artifact" + "ory"),
        )
    )
)
_PLACES = re.compile(r"(?<![\w.}/-])/(?:work|home|root|Users)/[\w.-]")


def too_long(sources: Iterable[Source]) -> list[str]:
    """Find files of more lines than a person reads at once."""
    counted = ((source, source.text.count("\n")) for source in sources)
    return [
        f"{source.path}: {lines} lines"
        for source, lines in counted
        if source.path.endswith(MEASURED) and lines > LONGEST_FILE
    ]


def long_functions(sources: Iterable[Source]) -> list[str]:
    """Find functions of more lines than fit on a screen."""
    return [
        source.at(node, f"{node.name} has {lines} lines")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def forbidden_names(paths: Iterable[str]) -> list[str]:
    """Find files and folders whose name says nothing of what they hold."""
    return [path for path in paths if FORBIDDEN & set(re.split(r"[/._-]", path.lower()))]


def foreign_places(sources: Iterable[Source]) -> list[str]:
    """Find paths of one machine and hosts of package registries."""
    return [
        f"{source.path}:{number}: {found.group()}"
        for source in sources
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := _HOSTS.search(line) or _PLACES.search(line))
    ]


def complexity_exceptions(sources: Iterable[Source]) -> list[str]:
    """Find functions that are exempt from the limit of complexity."""
    return [
        f"{source.path}:{number}"
        for source in sources
        for number, line in enumerate(source.text.splitlines(), 1)
        if re.search(r"#\s*noqa:.*C" + "901", line)
    ]


def ruff(folder: Path, *words: str) -> str:
    """Run ruff with the project's settings and return what it says."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    settings = ["--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, *settings, *words, str(folder)], check=False, capture_output=True, text=True
    )
    return done.stdout


def test_no_file_is_too_long_holds() -> None:
    assert too_long(project()) == []


@pytest.mark.parametrize("name", ["webapp/a.py", "templates/a.html", "a.css", "a.js"])
def test_no_file_is_too_long_catches_a_planted_violation(name: str) -> None:
    assert too_long([Source(name, "\n" * LONGEST_FILE)]) == []
    assert too_long([Source(name, "\n" * (LONGEST_FILE + 1))])


def test_no_function_is_too_long_holds() -> None:
    assert long_functions(python()) == []


def test_no_function_is_too_long_catches_a_planted_violation() -> None:
    body = "def long():\n" + "    pass\n" * LONGEST_FUNCTION
    assert long_functions([Source("a.py", body)])
    assert long_functions([Source("a.py", body.removesuffix("    pass\n"))]) == []


def test_complexity_holds() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert lint["mccabe"]["max-complexity"] <= MOST_COMPLEX
    assert lint["select"] == ["ALL"]
    by_file = [code for codes in lint["per-file-ignores"].values() for code in codes]
    assert not {"C", "C9", "C90", "C901"} & {*lint["ignore"], *by_file}
    assert complexity_exceptions(python()) == []


def test_complexity_catches_a_planted_violation(tmp_path: Path) -> None:
    branches = "".join(f"    if n == {n}:\n        return {n}\n" for n in range(MOST_COMPLEX + 1))
    planted = tmp_path / "planted.py"
    planted.write_text(f"def choose(n: int) -> int:\n{branches}    return n\n")
    assert "C901" in ruff(planted)
    assert complexity_exceptions([Source("a.py", "def f():  # no" + "qa: C901\n")])


def test_no_name_is_forbidden_holds() -> None:
    assert forbidden_names(source.path for source in project()) == []


@pytest.mark.parametrize(
    "path", ["webapp/utils.py", "workflows/helpers/dates.py", "models/common.py", "case_manager.py"]
)
def test_no_name_is_forbidden_catches_a_planted_violation(path: str) -> None:
    assert forbidden_names([path])


def test_no_foreign_place_holds() -> None:
    assert foreign_places(project()) == []
    assert str(ROOT) not in "".join(source.text for source in project())


@pytest.mark.parametrize(
    "line", ["open('" + os.sep + "home/someone/a')", "https://registry." + "npmjs.org/a.tgz"]
)
def test_no_foreign_place_catches_a_planted_violation(line: str) -> None:
    assert foreign_places([Source("a.py", line)])
    assert foreign_places([Source("a.py", "url_for('home.home')  # /help")]) == []
