"""Loads where the places lie that hard criteria name, and where a kind of care is to be had."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from models import Municipality, SpecialistCare
from workflows.rules.hard_criteria import Surroundings
from workflows.statement import Statement
from workflows.validity import holds_on

_REGIONS = Statement(
    select(Municipality.code, Municipality.region_number).where(
        Municipality.code == func.any(bindparam("codes"))
    )
)
_CARE = Statement(
    select(SpecialistCare.kind, Municipality.region_number)
    .join(Municipality, Municipality.code == SpecialistCare.municipality_code)
    .where(
        SpecialistCare.kind == func.any(bindparam("kinds")),
        holds_on(SpecialistCare, bindparam("today")),
    )
)


def load_surroundings(
    connection: Connection, codes: Collection[str], kinds: Collection[str], today: date
) -> Surroundings:
    """Return the regions of the municipalities that exist, and those with a kind of care today."""
    regions: dict[str, int] = {}
    if codes:
        rows = _REGIONS.run(connection, {"codes": sorted(codes)})
        regions = {row[0]: row[1] for row in rows}
    care: dict[str, set[int]] = defaultdict(set)
    if kinds:
        for kind, region in _CARE.run(connection, {"kinds": sorted(kinds), "today": today}):
            care[kind].add(region)
    return Surroundings(regions, {kind: frozenset(found) for kind, found in care.items()})
