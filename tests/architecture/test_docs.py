"""The documents say what the code does: diagram, files, links and commands."""

import re
from collections.abc import Iterable

from tests.architecture.sources import ROOT, Source, project
from webapp.cli import COMMANDS
from workflows.process_diagram import mermaid
from workflows.steps import STEPS

_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
_FILE = re.compile(r"`((?:models|workflows|webapp|config|templates|tests|bench|docs)/[\w./-]*)`")
_COMMAND = re.compile(r"\bthuisroute ([a-z]+)\b(?! (?:with|is|and|for))")
# Pictures are made from a running program.
_MADE_LATER = re.compile(r"docs/images/[a-z-]+\.png")


def documents() -> list[Source]:
    """Return the project's documents."""
    return [source for source in project() if source.path.endswith(".md")]


def wrong_diagram(text: str, drawn: str) -> bool:
    """Tell whether a document lacks the diagram as it is drawn from the steps."""
    return f"```mermaid\n{drawn}```" not in text


def dead_references(sources: Iterable[Source]) -> list[str]:
    """Find links and names of files that do not exist."""
    found = []
    for source in sources:
        folder = (ROOT / source.path).parent
        links = [(name, folder / name) for name in _LINK.findall(source.text)]
        files = [(name, ROOT / name) for name in _FILE.findall(source.text)]
        found += [
            f"{source.path}: {name}"
            for name, path in [*links, *files]
            if not path.exists() and not _MADE_LATER.search(str(path))
        ]
    return found


def unknown_commands(sources: Iterable[Source]) -> list[str]:
    """Find commands in code that the program does not have."""
    return [
        f"{source.path}: {name}"
        for source in sources
        for code in re.findall(r"`[^`\n]*`|^ {4}.*$", source.text, re.MULTILINE)
        for name in _COMMAND.findall(code)
        if name not in COMMANDS
    ]


def test_the_diagram_is_that_of_the_steps_holds() -> None:
    text = (ROOT / "docs" / "process.md").read_text()
    assert not wrong_diagram(text, mermaid(STEPS)), "run: thuisroute process --format mermaid"


def test_the_diagram_is_that_of_the_steps_catches_a_planted_violation() -> None:
    text = (ROOT / "docs" / "process.md").read_text()
    assert wrong_diagram(text, mermaid(STEPS[1:]))
    assert wrong_diagram(text.replace("linked --> preparing", "linked --> housed"), mermaid(STEPS))


def test_documents_name_what_exists_holds() -> None:
    assert dead_references(documents()) == []
    assert unknown_commands(documents()) == []


def test_documents_name_what_exists_catches_a_planted_violation() -> None:
    assert dead_references([Source("docs/a.md", "`workflows/nothing.py`")])
    assert dead_references([Source("docs/a.md", "[more](nothing.md)")])
    assert dead_references([Source("README.md", "[more](docs/glossary.md) `webapp/db.py`")]) == []
    assert unknown_commands([Source("a.md", "run `thuisroute fly --high`")]) == ["a.md: fly"]
