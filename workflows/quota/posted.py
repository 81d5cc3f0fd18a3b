"""What the ledger gives each municipality as quota of a half-year, mergers reckoned with."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from models import MunicipalityPredecessor, QuotaRollup
from models.vocabulary import QuotaKind, RollupGrain
from workflows.quota.period import HalfYear

WHOLE = 1_000


def posted_quota(connection: Connection, half_year: HalfYear) -> dict[str, int]:
    """Return the quota so far in persons by municipality, without transfers.

    What was assigned to municipalities that merged before or at the start of the half-year
    counts for their successor.
    """
    rows = connection.execute(
        select(QuotaRollup.municipality_code, func.sum(QuotaRollup.persons))
        .where(
            QuotaRollup.grain == RollupGrain.HALF_YEAR,
            QuotaRollup.half_year == str(half_year),
            QuotaRollup.kind == QuotaKind.QUOTA,
        )
        .group_by(QuotaRollup.municipality_code)
    )
    persons = {row[0]: int(row[1]) for row in rows}
    return inherited(persons, heirs(connection, half_year.starts_on))


def heirs(connection: Connection, day: date) -> dict[str, str]:
    """Return the successor of each municipality that merged as a whole on or before a day."""
    row = MunicipalityPredecessor
    found = connection.execute(
        select(row.predecessor_code, row.successor_code).where(
            row.on_date <= day, row.share_permille == WHOLE
        )
    )
    return {each[0]: each[1] for each in found}


def inherited(persons: Mapping[str, int], successors: Mapping[str, str]) -> dict[str, int]:
    """Return persons by municipality with those of predecessors under the last successor."""
    found: dict[str, int] = {}
    for code, count in persons.items():
        heir = last_heir(code, successors)
        found[heir] = found.get(heir, 0) + count
    return found


def inhabitants(
    persons: Mapping[str, int],
    successors: Mapping[str, str],
    known_since: Mapping[str, date],
    day: date,
) -> dict[str, int]:
    """Return inhabitants of a day by municipality, those of predecessors under their successor.

    A successor that began after the day (`known_since`) and has a figure of its own there, as
    statistics reckon it back, keeps that figure.
    """
    reckoned_back = {code for code in persons if known_since.get(code, day) > day}
    counted = {
        code: count
        for code, count in persons.items()
        if not (code in successors and last_heir(code, successors) in reckoned_back)
    }
    return inherited(counted, successors)


def last_heir(code: str, successors: Mapping[str, str]) -> str:
    """Return what a municipality is part of after all mergers."""
    while code in successors:
        code = successors[code]
    return code
