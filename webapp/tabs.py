"""A part of a page that has an address of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab; `count` None shows no number."""

    label: str
    url: str
    current: bool
    count: int | None = None
