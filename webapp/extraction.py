"""Finds the texts of the program for its catalogues: those marked, and those of the workflows.

The workflows know no gettext: their labels, help texts and refusals are plain Dutch, which the
pages translate when they show them. Here they are found by the calls that declare them. So are
the reasons and sources of the reference tables, with which an installation starts.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file

from config import reference

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
# The places of texts in the calls of the workflows: by position and by name.
_DECLARING: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "entry": ((0,), ("help_text", "purpose")),
    "Step": ((), ("label", "explanation")),
    "Topic": ((1,), ()),
    "Refused": ((1,), ()),
    "not_before": ((3,), ()),
    "ValueError": ((0,), ()),
}
_TABLES = frozenset({"_WORDS"})


def catalogue() -> Catalog:
    """Return a catalogue of all texts, without translations."""
    found = Catalog(domain="messages")
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        _add_marked(found, "python", path)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        _add_marked(found, "jinja2.ext:babel_extract", path)
    for path in sorted((ROOT / "workflows").rglob("*.py")):
        for line, words in declared(ast.parse(path.read_text())):
            found.add(words, locations=[(_name(path), line)])
    for words in seeded():
        found.add(words)
    return found


def seeded() -> Iterator[str]:
    """Yield the reasons and sources that an installation starts from and pages show."""
    for exemption in reference.exemptions():
        yield exemption.reason
    for criterion in reference.ladder_criteria():
        yield criterion.source
    yield from (norm.source for norm in reference.norms())
    yield from (rule.source for rule in reference.count_rules())
    for care in reference.specialist_care():
        yield care.source


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _add_marked(found: Catalog, method: str, path: Path) -> None:
    options = {"extensions": "jinja2.ext.do", "silent": "false"}
    for line, message, _comments, context in extract_from_file(
        method, path, keywords=KEYWORDS, options=options
    ):
        if message != "":
            found.add(message, locations=[(_name(path), line)], context=context)


def declared(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts that a file of the workflows declares, with their lines."""
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _of_call(node, node.func.id, constants)
        elif isinstance(node, ast.Assign) and _is_table(node):
            yield from _of_table(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in {"_shortcomings", "_explain"}:
            yield from _returned(node)


def _constants(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _of_call(
    node: ast.Call, name: str, constants: dict[str, ast.expr]
) -> Iterator[tuple[int, str]]:
    places, names = _DECLARING.get(name, ((), ()))
    constants = {} if name == "ValueError" else constants
    given = [node.args[place] for place in places if place < len(node.args)]
    given += [word.value for word in node.keywords if word.arg in names]
    for each in given:
        # An error for engineers is made of a variable, one for people stands in its raise.
        value = constants.get(each.id) if isinstance(each, ast.Name) else each
        if _is_sentence(value) and isinstance(value, ast.Constant):
            yield node.lineno, str(value.value)


def _is_table(node: ast.Assign) -> bool:
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id in _TABLES


def _of_table(value: ast.expr) -> Iterator[tuple[int, str]]:
    for node in ast.walk(value):
        if _is_sentence(node) and isinstance(node, ast.Constant):
            yield node.lineno, str(node.value)


def _returned(node: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for part in ast.walk(node):
        value = part.value if isinstance(part, ast.Return) else None
        if _is_sentence(value) and isinstance(value, ast.Constant):
            yield value.lineno, str(value.value)


def _is_sentence(node: object) -> bool:
    """Tell whether a value is Dutch for people: errors for engineers begin without a capital."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return node.value[:1].isupper()
