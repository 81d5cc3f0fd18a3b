"""Occupations by title or ISCO-08 unit group, as people type them."""

import re
from functools import cache

from config.reference.occupations import occupations

_IN_BRACKETS = re.compile(r"\((\d{4})\)\s*$", re.ASCII)
_CODE = re.compile(r"\d{4}", re.ASCII)
SUGGESTIONS = 10


@cache
def _titles() -> dict[str, str]:
    """Return the unit group of each title in lower case; the first title of a group wins."""
    found: dict[str, str] = {}
    for each in occupations():
        found.setdefault(each.title.lower(), each.unit_group)
    return found


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for each in occupations():
        found.setdefault(each.unit_group, each.title)
    return found


def resolve(typed: str) -> str | None:
    """Return the unit group that was typed as code, title, or both; None when there is none."""
    text = typed.strip()
    if (bracketed := _IN_BRACKETS.search(text)) is not None:
        text = bracketed.group(1)
    if _CODE.fullmatch(text):
        return text if text in _names() else None
    return _titles().get(text.lower())


def name(code: str) -> str:
    """Return a title for a unit group."""
    return _names().get(code, code)


def suggest(typed: str) -> list[tuple[str, str]]:
    """Return (title, unit group) pairs that hold the text, those that begin with it first."""
    text = typed.strip().lower()
    holding = [each for each in occupations() if text in each.title.lower()]
    holding.sort(key=lambda each: (not each.title.lower().startswith(text), each.title))
    return [(each.title, each.unit_group) for each in holding[:SUGGESTIONS]]
