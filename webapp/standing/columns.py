"""The columns of the official table in groups, with short words under their letters."""

from dataclasses import dataclass

from webapp.marking import N_
from webapp.standing_heads import HEADS
from workflows.quota.period import HalfYear


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of the table: its key, letter, short words and what it is called in full."""

    key: str
    letter: str
    short: str
    full: str


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together, and the half-year that they are about."""

    name: str
    half_year: HalfYear | None
    columns: tuple[Column, ...]


SHORT = {
    "opening_previous": N_("Begin"),
    "quota_previous": N_("Taakstelling"),
    "realised_previous": N_("Gerealiseerd"),
    "opening": N_("Begin"),
    "quota": N_("Taakstelling"),
    "corrected_quota": N_("Gecorrigeerd"),
    "realised": N_("Gerealiseerd"),
    "remaining": N_("Nog te doen"),
    "backlog": N_("Achterstand"),
    "advance": N_("Voorsprong"),
}
_KEYS = tuple(SHORT)


def groups(half_year: HalfYear) -> tuple[Group, ...]:
    """Return the columns of a table of a half-year."""
    return (
        Group(N_("Vorig halfjaar"), half_year.previous, _columns(_KEYS[:3])),
        Group(N_("Dit halfjaar"), half_year, _columns(_KEYS[3:8])),
        Group(N_("Waarvan in gemeenten met"), None, _columns(_KEYS[8:])),
    )


def _columns(keys: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(key, HEADS[key][0], SHORT[key], HEADS[key][1]) for key in keys)
