"""Templates: names that somebody gives them, and nothing that the security policy would block."""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, meta, nodes

from tests.architecture.sources import Source, project, python

# What Flask, Flask-Babel, Flask-WTF and webapp/rendering.py give to every template.
GIVEN = {
    "_", "gettext", "ngettext", "pgettext", "npgettext", "url_for", "request", "session", "g",
    "config", "get_flashed_messages", "csrf_token", "current_user", "vocabulary", "range", "dict",
    "namespace", "cycler", "joiner", "lipsum", "caller",
}  # fmt: skip
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script\b(?![^>]*\bsrc\s*=)|\son[a-z]+\s*=|\bhx-on\b|javascript:"
    r"""|hx-vals\s*=\s*["']js:""",
    re.IGNORECASE,
)


class _AnyFilter(dict[str, Any]):
    """Filters are judged by the application's own environment; here any name will do."""

    def get(self, _name: str, _default: Any = None) -> Any:
        """Return a filter for any name."""
        return lambda value: value


_PARSER = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
_PARSER.filters = _AnyFilter()


def templates() -> list[Source]:
    """Return the templates of the project."""
    return [source for source in project() if source.within("templates")]


def given_by_views(files: Iterable[Source]) -> dict[str, set[str]]:
    """Return the names that every call of `render_template` gives to a template, by its path."""
    given: dict[str, set[str]] = {}
    for source in files:
        for node in ast.walk(source.tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "render_template"):
                continue
            names = {word.arg for word in node.keywords if word.arg is not None}
            if any(word.arg is None for word in node.keywords):
                names |= _keys_of_dictionaries(source)
            match node.args:
                case [ast.Constant(value=str(path)), *_]:
                    path = f"templates/{path}"
                    given[path] = given.get(path, names) & names
                case [ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]), *_]:
                    # One of several parts; a part has no name of its own here.
                    given[f"templates/{start}*"] = names
    return given


def _keys_of_dictionaries(source: Source) -> set[str]:
    return {
        key.value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def unnamed(
    source: Source, base: Source | None, given: Mapping[str, set[str]] | None = None
) -> list[str]:
    """Find names that a template uses and that nobody gives it.

    A name is given by the calls that render it, or declared in its first comment or in the base's.
    """
    tree = _PARSER.parse(source.text)
    declared = GIVEN | _own_names(tree) | _words_of_comment(source)
    declared |= _given_to(source.path, given or {})
    if base is not None and tree.find(nodes.Extends) is not None:
        declared |= _words_of_comment(base)
    names = meta.find_undeclared_variables(tree) - declared
    return [f"{source.path}: {name}" for name in sorted(names)]


def _given_to(path: str, given: Mapping[str, set[str]]) -> set[str]:
    """Return what views give a page; a part that no view renders has that of its folder's pages."""
    if path in given:
        return given[path]
    folder = path.rpartition("/")[0]
    pages = [names for page, names in given.items() if page.rpartition("/")[0] == folder]
    return set().union(*pages)


def _own_names(tree: nodes.Template) -> set[str]:
    """Return what a template imports, sets or defines at its top, for its blocks to use."""
    found: set[str] = set()
    for node in tree.find_all((nodes.FromImport, nodes.Import, nodes.Macro, nodes.Assign)):
        if isinstance(node, nodes.FromImport):
            found |= {name if isinstance(name, str) else name[1] for name in node.names}
        elif isinstance(node, nodes.Import):
            found.add(node.target)
        elif isinstance(node, nodes.Macro):
            found.add(node.name)
        elif isinstance(node, nodes.Assign):
            found |= {each.name for each in node.find_all(nodes.Name) if each.ctx == "store"}
    return found


def _words_of_comment(source: Source) -> set[str]:
    first = _COMMENT.match(source.text.lstrip())
    return set(re.findall(r"[a-z_][a-z0-9_]*", first.group())) if first else set()


def inline(sources: Iterable[Source]) -> list[str]:
    """Find styles, scripts and event handlers that the content security policy blocks."""
    return [
        f"{source.path}: {found.group().strip()}"
        for source in sources
        for found in _INLINE.finditer(_COMMENT.sub("", source.text))
    ]


def broken(environment: Environment, sources: Iterable[Source]) -> list[str]:
    """Find templates that do not compile: wrong syntax, unknown filters or tests."""
    found = []
    for source in sources:
        try:
            tree = environment.parse(source.text)
        except TemplateSyntaxError as error:
            found.append(f"{source.path}:{error.lineno}: {error.message}")
            continue
        # Inside a condition, the compiler itself leaves an unknown name to the running page.
        for kind, known in ((nodes.Filter, environment.filters), (nodes.Test, environment.tests)):
            found += [
                f"{source.path}:{node.lineno}: nothing is named {node.name}"
                for node in tree.find_all(kind)
                if node.name not in known
            ]
    return found


def test_every_name_is_declared_holds() -> None:
    base = next(source for source in templates() if source.name == "base.html")
    given = given_by_views(python("webapp"))
    assert [name for source in templates() for name in unnamed(source, base, given)] == []


def test_every_name_is_declared_catches_a_planted_violation() -> None:
    base = Source("templates/base.html", "{#- viewer: who looks -#}\n{{ viewer }}")
    page = '{#- case: a case -#}\n{% extends "base.html" %}{% from "a.html" import icon %}'
    good = f"{page}{{% block main %}}{{{{ icon(case) }}}}{{{{ viewer }}}}{{% endblock %}}"
    assert unnamed(base, None) == []
    assert unnamed(Source("templates/a.html", good), base) == []
    planted = good.replace("icon(case)", "icon(kase)")
    assert unnamed(Source("templates/a.html", planted), base) == ["templates/a.html: kase"]
    assert unnamed(Source("templates/a.html", good), None) == ["templates/a.html: viewer"]


def test_what_a_view_gives_is_read_from_its_calls() -> None:
    view = Source(
        "a.py", "render_template('a.html', case=1, x=2)\nrender_template('a.html', case=1)"
    )
    given = given_by_views([view])
    assert given == {"templates/a.html": {"case"}}
    assert unnamed(Source("templates/a.html", "{{ case }}"), None, given) == []
    assert unnamed(Source("templates/a.html", "{{ x }}"), None, given) == ["templates/a.html: x"]


def test_nothing_is_inline_holds() -> None:
    assert inline(templates()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        "<script>start()</script>",
        '<button onclick="start()">',
        '<a href="javascript:start()">',
        '<button hx-on:click="start()">',
        """<button hx-vals='js:{"a": 1}'>""",
    ],
)
def test_nothing_is_inline_catches_a_planted_violation(text: str) -> None:
    assert inline([Source("templates/a.html", text)])
    fine = '<script src="a.js" defer></script><p class="style">{# <style> #}</p>'
    assert inline([Source("templates/a.html", fine)]) == []


def test_every_template_compiles_holds(application: Flask) -> None:
    environment = application.jinja_env
    assert environment.undefined is StrictUndefined
    assert environment.autoescape is not False
    assert broken(environment, templates()) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 | no_such_filter }}",
        "{% if a is nowhere %}{% endif %}",
        "{% if a %}{{ a | no_such_filter }}{% endif %}",
        "{% if a %}",
    ],
)
def test_every_template_compiles_catches_a_planted_violation(application: Flask, text: str) -> None:
    assert broken(application.jinja_env, [Source("templates/a.html", text)])
