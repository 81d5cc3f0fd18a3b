"""Whose ledgers a municipality holds now: its own, and those of the municipalities it took over.

A merger has no lines, so the balance of a successor is that of all these ledgers together. They
need no lock of their own: what moves persons from one to the other also posts to the successor.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    CTE,
    Connection,
    Integer,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from models import Municipality, MunicipalityPredecessor, QuotaBalance, QuotaRollup
from models.vocabulary import RollupGrain
from workflows.quota.lines import OBLIGING
from workflows.quota.posted import WHOLE
from workflows.statement import Rows, Statement


class Held(NamedTuple):
    """The balance of all ledgers of a municipality, in persons."""

    obliged: int
    realised: int
    reserved: int


def _held_ledgers() -> CTE:
    """Return pairs of a municipality's `code` and a `ledger` that counts for it, with its share.

    The share is in thousandths. A municipality that merged has its own ledger too.
    """
    whole = cast(literal(WHOLE), Integer).label("share")
    own = select(Municipality.code.label("code"), Municipality.code.label("ledger"), whole)
    held = own.cte("held_ledger", recursive=True)
    row = MunicipalityPredecessor
    return held.union_all(
        select(held.c.code, row.predecessor_code, held.c.share * row.share_permille // WHOLE).join(
            row, row.successor_code == held.c.ledger
        )
    )


HELD_LEDGERS = _held_ledgers()


def _held_balances() -> Subquery:
    """Return `obliged`, `realised` and `reserved` by `code`, over all ledgers that it holds."""
    held, row = HELD_LEDGERS, QuotaBalance
    sums = [
        cast(func.sum(column * held.c.share // WHOLE), Integer).label(column.key)
        for column in (row.obliged, row.realised, row.reserved)
    ]
    return (
        select(held.c.code, *sums)
        .join(row, row.municipality_code == held.c.ledger)
        .group_by(held.c.code)
        .subquery("held_balance")
    )


def _later_quotas() -> Subquery:
    """Return what a `code` is obliged to by `half_year`, in `persons`, over all its ledgers."""
    held, row = HELD_LEDGERS, QuotaRollup
    persons = cast(func.sum(row.persons * held.c.share // WHOLE), Integer).label("persons")
    return (
        select(held.c.code, row.half_year, persons)
        .join(row, row.municipality_code == held.c.ledger)
        .where(row.grain == RollupGrain.HALF_YEAR, row.kind.in_(sorted(OBLIGING)))
        .group_by(held.c.code, row.half_year)
        .subquery("later_quota")
    )


HELD_BALANCES, LATER_QUOTAS = _held_balances(), _later_quotas()
_OF = Statement(select(HELD_BALANCES).where(HELD_BALANCES.c.code == func.any(bindparam("codes"))))
_LATER_OF = Statement(
    select(LATER_QUOTAS).where(
        LATER_QUOTAS.c.code == func.any(bindparam("codes")),
        LATER_QUOTAS.c.half_year > bindparam("half_year"),
    )
)


def balances_of(connection: Connection, codes: Collection[str]) -> dict[str, Held]:
    """Return the balances of municipalities; their own rows are locked by the caller."""
    return {row[0]: Held(*row[1:]) for row in _OF.run(connection, {"codes": sorted(codes)})}


def later_quotas_of(connection: Connection, codes: Collection[str], half_year: str) -> Rows:
    """Return code, half-year and persons of what is obliged after a half-year."""
    return _LATER_OF.run(connection, {"codes": sorted(codes), "half_year": half_year})
