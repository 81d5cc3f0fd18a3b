"""Occupations by title or ISCO-08 unit group, as people type them."""

import re
from functools import cache

from flask_babel import get_locale

from config.reference.occupations import (
    SUB_MAJOR_GROUP_DIGITS,
    OccupationGroup,
    occupation_groups,
    occupations,
)

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
def _unit_groups() -> frozenset[str]:
    return frozenset(each.unit_group for each in occupations())


@cache
def _groups() -> dict[str, OccupationGroup]:
    return {each.code: each for each in occupation_groups()}


def resolve(typed: str) -> str | None:
    """Return the unit group that was typed as code, title, or both; None when there is none."""
    text = typed.strip()
    if (bracketed := _IN_BRACKETS.search(text)) is not None:
        text = bracketed.group(1)
    if _CODE.fullmatch(text):
        return text if text in _unit_groups() else None
    return _titles().get(text.lower())


def name(code: str) -> str:
    """Return the words for a unit group: those of the sub-major group around it, and its code.

    A unit group holds many titles and only its code is kept, so no title of it can be shown.
    """
    group = _groups().get(code[:SUB_MAJOR_GROUP_DIGITS])
    if group is None:
        return code
    words = group.name_en if get_locale().language == "en" else group.name_nl
    return f"{words} ({code})"


def suggest(typed: str) -> list[tuple[str, str]]:
    """Return (title, unit group) pairs that hold the text, those that begin with it first."""
    text = typed.strip().lower()
    holding = [each for each in occupations() if text in each.title.lower()]
    holding.sort(key=lambda each: (not each.title.lower().startswith(text), each.title))
    return [(each.title, each.unit_group) for each in holding[:SUGGESTIONS]]
