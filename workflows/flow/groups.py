"""Keeps groups so small that they point at persons from being shown apart."""

from collections.abc import Iterable
from dataclasses import dataclass

# Fewer are never told apart, so that no figure is that of a few people.
LEAST = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Persons and cases of one or, when merged, several codes."""

    codes: tuple[str, ...]
    cases: int
    persons: int


def merge_small(groups: Iterable[Group]) -> list[Group]:
    """Return groups, the largest first, with those under ten persons merged into one.

    The merged group takes in the next smallest until it counts ten persons itself.
    """
    ordered = sorted(groups, key=lambda group: (-group.persons, group.codes))
    merged = Group((), 0, 0)
    while ordered and (ordered[-1].persons < LEAST or 0 < merged.persons < LEAST):
        small = ordered.pop()
        merged = Group(
            (*small.codes, *merged.codes),
            merged.cases + small.cases,
            merged.persons + small.persons,
        )
    return [*ordered, merged] if merged.codes else ordered
