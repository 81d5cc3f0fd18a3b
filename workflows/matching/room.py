"""What municipalities have to give: room in their quota, and the dwellings that they expect."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from models import (
    Case,
    HousingSupply,
    Municipality,
    MunicipalityExemption,
)
from models.vocabulary import FunctionalNeed, SupplyKind
from workflows.guards import LINKED_STATES
from workflows.quota.held_ledgers import HELD_BALANCES, HELD_LEDGERS, LATER_QUOTAS
from workflows.quota.period import HalfYear
from workflows.validity import holds_on

LARGE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a municipality can still take: persons by the half-year of the move, and dwellings.

    `dwellings` has the kinds that the municipality reported, less those that households linked
    already wait for; a kind that it did not report has no bound of its own. Homes for a large
    family are part of those for a family.
    """

    code: str
    exempt: bool
    obliged: int
    used: int
    later: Mapping[str, int] = field(default_factory=dict)
    dwellings: Mapping[SupplyKind, int] = field(default_factory=dict)

    def persons(self, until: HalfYear) -> int:
        """Return the persons that may still be linked for moves up to the end of a half-year."""
        return max(self.obliged_until(until) - self.used, 0)

    def obliged_until(self, until: HalfYear) -> int:
        """Return the persons that the municipality is obliged to up to the end of a half-year."""
        later = sum(persons for half, persons in self.later.items() if HalfYear.parse(half) > until)
        return self.obliged - later


def kinds_of_home(persons: int, functional_needs: tuple[str, ...]) -> frozenset[SupplyKind]:
    """Return the kinds of dwelling of which a household takes one."""
    kinds = {SupplyKind.ONE_PERSON if persons == 1 else SupplyKind.FAMILY}
    if persons >= LARGE:
        kinds.add(SupplyKind.LARGE_FAMILY)
    if FunctionalNeed.WHEELCHAIR in functional_needs:
        kinds.add(SupplyKind.ACCESSIBLE)
    return frozenset(kinds)


def room_on(connection: Connection, today: date) -> dict[str, Room]:
    """Return the room of each municipality that exists on a day, as it stands now."""
    present, held = HalfYear.of_date(today), HELD_BALANCES
    later = _later(connection, present)
    dwellings = _dwellings(connection, today, present)
    exempt = (
        select(MunicipalityExemption.municipality_code)
        .where(
            MunicipalityExemption.municipality_code == Municipality.code,
            holds_on(MunicipalityExemption, today),
        )
        .exists()
    )
    rows = connection.execute(
        select(
            Municipality.code,
            exempt,
            held.c.obliged,
            held.c.realised + held.c.reserved,
        )
        .join(held, held.c.code == Municipality.code)
        .where(
            holds_on(Municipality, today),
        )
        .order_by(Municipality.code)
    )
    return {
        row[0]: Room(
            code=row[0],
            exempt=row[1],
            obliged=row[2],
            used=row[3],
            later=later[row[0]],
            dwellings=dwellings[row[0]],
        )
        for row in rows
    }


def _later(connection: Connection, present: HalfYear) -> dict[str, dict[str, int]]:
    """Return what municipalities are obliged to in each half-year after the present one."""
    later: dict[str, dict[str, int]] = defaultdict(dict)
    for code, half_year, persons in connection.execute(
        select(LATER_QUOTAS).where(LATER_QUOTAS.c.half_year > str(present))
    ):
        later[code][half_year] = int(persons)
    return later


def _dwellings(
    connection: Connection, today: date, half_year: HalfYear
) -> dict[str, dict[SupplyKind, int]]:
    """Return the dwellings of the rest of the half-year, less those that are waited for."""
    found: dict[str, dict[SupplyKind, int]] = defaultdict(dict)
    held = HELD_LEDGERS
    for code, kind, units in connection.execute(
        select(held.c.code, HousingSupply.kind, func.sum(HousingSupply.units))
        .join(HousingSupply, HousingSupply.municipality_code == held.c.ledger)
        .where(
            HousingSupply.month >= today.replace(day=1), HousingSupply.month <= half_year.ends_on
        )
        .group_by(held.c.code, HousingSupply.kind)
    ):
        found[code][SupplyKind(kind)] = int(units)
    for code, *waited_for in connection.execute(_waited_for()):
        for kind, households in zip(SupplyKind, waited_for, strict=True):
            if kind in found[code]:
                found[code][kind] = max(found[code][kind] - households, 0)
    return found


def _waited_for() -> Select[*tuple[Any, ...]]:
    counted = {
        SupplyKind.ONE_PERSON: Case.persons == 1,
        SupplyKind.FAMILY: Case.persons > 1,
        SupplyKind.LARGE_FAMILY: Case.persons >= LARGE,
        SupplyKind.ACCESSIBLE: Case.functional_needs.contains([FunctionalNeed.WHEELCHAIR]),
    }
    return (
        select(
            Case.municipality_code,
            *[func.count(case((counted[kind], 1))) for kind in SupplyKind],
        )
        .where(and_(Case.municipality_code.is_not(None), Case.state.in_(sorted(LINKED_STATES))))
        .group_by(Case.municipality_code)
    )
