"""Occupation titles of the international classification ISCO-08 and their groups."""

from dataclasses import dataclass
from functools import cache

from config.reference.tables import read_rows

SUB_MAJOR_GROUP_DIGITS = 2


@dataclass(frozen=True, slots=True)
class OccupationGroup:
    """A major group (one digit) or sub-major group (two digits) with a name in two languages."""

    code: str
    name_nl: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """An English occupation title with its unit group (four digits, text)."""

    unit_group: str
    title: str


@cache
def occupation_groups() -> tuple[OccupationGroup, ...]:
    """Return the 10 major and 43 sub-major groups, each major group before its parts."""
    return tuple(
        OccupationGroup(row["code"], row["name_nl"], row["name_en"])
        for row in read_rows("occupation_groups")
    )


@cache
def occupations() -> tuple[Occupation, ...]:
    """Return about 7,000 occupation titles by unit group and title."""
    return tuple(Occupation(row["unit_group"], row["title"]) for row in read_rows("occupations"))
