"""The rooms use each other in one direction; no other package bears their names."""

import ast
import importlib.metadata
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, Source, python

NAMES = (*ROOMS, "templates")
# Beside Python's own, what a room may import at all; config/ reads settings and writes logs.
ALLOWED = {
    "models": {"models", "sqlalchemy", "alembic"},
    "workflows": {"workflows", "models", "sqlalchemy", "pydantic", "pydantic_core", "psycopg"},
    "config": {"config", "pydantic", "pydantic_settings", "structlog"},
}
# Further libraries, in the one folder that needs each.
BY_FOLDER = {
    "workflows/rules": {"holidays"},
    "workflows/exchange": {"odfdo", "xlsxwriter"},
    "workflows/matching": {"highspy", "numpy"},
    "workflows/matching/fitted": {"numpy", "sklearn"},
}


def contracts(folder: Path) -> str:
    """Hold the rooms of a folder to the contracts of its pyproject.toml; returns the report."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=folder
    )
    return done.stdout + done.stderr


def foreign_imports(sources: Iterable[Source]) -> list[str]:
    """Find imports of libraries that a room may not use, also inside functions."""
    found = []
    for source in sources:
        room = source.path.partition("/")[0]
        if room not in ALLOWED:
            continue
        folder = source.path.rpartition("/")[0]
        allowed = ALLOWED[room] | BY_FOLDER.get(folder, set()) | set(sys.stdlib_module_names)
        found += [f"{source.path}: {name}" for name in sorted(imported(source) - allowed)]
    return found


def imported(source: Source) -> set[str]:
    """Return the top-level names that a file imports."""
    return {line.split()[1].partition(".")[0] for line in _import_lines(source)}


def _import_lines(source: Source) -> Iterable[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (f"import {alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield f"import {node.module}"


def claimed_by_others(packages: Mapping[str, Iterable[str]]) -> list[str]:
    """Find distributions that install a package under a name of ours."""
    return [
        f"{name} of {owner}"
        for name in NAMES
        for owner in packages.get(name, ())
        if owner.lower() != "thuisroute"
    ]


def _copy(folder: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, folder / room, ignore=shutil.ignore_patterns("static", "__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_rooms_keep_their_direction_holds() -> None:
    report = contracts(ROOT)
    assert "0 broken" in report, report
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(configured["root_packages"]) == set(ROOMS)
    assert len(configured["contracts"]) == 4


def test_the_rooms_keep_their_direction_catches_a_planted_violation(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    (copy / "workflows" / "planted.py").write_text("import flask\nimport webapp.db\n")
    (copy / "models" / "planted.py").write_text("import pydantic\n")
    (copy / "config" / "planted.py").write_text("import models\n")
    assert "0 kept, 4 broken" in contracts(copy)


def test_a_room_uses_its_own_libraries_holds() -> None:
    assert foreign_imports(python(*ROOMS)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("workflows/engine.py", "import flask"),
        ("workflows/engine.py", "from config import settings"),
        ("workflows/quota/period.py", "import holidays"),
        ("workflows/quota/period.py", "import numpy as np"),
        ("workflows/engine.py", "def propose():\n    import highspy"),
        ("workflows/matching/solve.py", "from scipy.optimize import milp"),
        ("workflows/matching/solve.py", "import holidays"),
        ("workflows/steps/link.py", "def decide():\n    import redis"),
        ("models/case.py", "from pydantic import BaseModel"),
        ("config/settings.py", "from webapp import app"),
    ],
)
def test_a_room_uses_its_own_libraries_catches_a_planted_violation(path: str, line: str) -> None:
    assert foreign_imports([Source(path, line)])
    assert foreign_imports([Source("workflows/rules/deadlines.py", "import holidays")]) == []
    assert foreign_imports([Source("workflows/matching/linear.py", "import highspy, numpy")]) == []


def test_nothing_imports_the_tests() -> None:
    rooms = python(*ROOMS)
    assert [source.path for source in rooms if imported(source) & {"tests", "bench"}] == []


def test_nobody_else_owns_our_names_holds() -> None:
    assert claimed_by_others(importlib.metadata.packages_distributions()) == []


def test_nobody_else_owns_our_names_catches_a_planted_violation() -> None:
    assert claimed_by_others({"config": ["thuisroute", "config"]}) == ["config of config"]
    assert claimed_by_others({"templates": ["other"], "flask": ["Flask"]})
