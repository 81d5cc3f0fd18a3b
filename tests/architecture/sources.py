"""The files that the rules are held against: all of the project, none that it fetches or makes."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "workflows", "webapp", "config")
_NOT_OURS = {
    ".git", ".venv", "node_modules", "data", "vendor", "__pycache__", "build", "dist",
    "test-results", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    ".import_linter_cache",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A file by its path in the project."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, filename=self.path)

    @property
    def name(self) -> str:
        """The name without folders."""
        return self.path.rpartition("/")[2]

    def within(self, *folders: str) -> bool:
        """Tell whether the file lies in one of these folders."""
        return self.path.startswith(tuple(f"{folder}/" for folder in folders))

    def at(self, node: ast.AST, what: str) -> str:
        """Return a finding with its place."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}: {what}"


@cache
def project() -> tuple[Source, ...]:
    """Return every text file of the project."""
    return tuple(_read(ROOT))


def python(*folders: str) -> list[Source]:
    """Return the Python files of the project, or of some folders of it."""
    found = [source for source in project() if source.path.endswith(".py")]
    return [source for source in found if source.within(*folders)] if folders else found


def _read(root: Path) -> Iterator[Source]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(set(names) - _NOT_OURS)
        for name in sorted(set(files) - _NOT_OURS):
            path = Path(folder, name)
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            yield Source(path.relative_to(root).as_posix(), text)
