"""Locks and loads what steps decide on, in the order that decisions.md prescribes.

Ledger lock, cases by id, balances by municipality code; each for a whole batch at once.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    func,
    literal,
    or_,
    select,
)

from models import (
    Case,
    HousingOffer,
    Membership,
    Municipality,
    MunicipalityExemption,
    MunicipalityPredecessor,
    Person,
    Preparation,
    QuotaBalance,
    QuotaEntry,
    QuotaRollup,
    Realisation,
    Screening,
)
from workflows import policy
from workflows.actor import Actor
from workflows.membership import belongs
from workflows.permissions import Permission
from workflows.quota.held_ledgers import balances_of, later_quotas_of
from workflows.records import CaseRecord, MemberRecord, MunicipalityRecord
from workflows.statement import Statement
from workflows.validity import holds_on

REFERENCE = re.compile(r"[a-z2-7]{16}")
OBLIGING = ("opening", "quota", "transfer_in", "transfer_out")

Locked = tuple[CaseRecord, int | None, datetime]

_CASE_COLUMNS = [getattr(Case, field.name) for field in fields(CaseRecord)]
_CASE_NAMES = [field.name for field in fields(CaseRecord)]


# Both are reckoned again for a row that another transaction changed while we waited for it: a
# join would keep the municipality of before, and a clock read earlier would run ahead of it.
_LOCK_CASES = (
    select(
        *_CASE_COLUMNS,
        select(Municipality.organisation_id)
        .where(Municipality.code == Case.municipality_code)
        .scalar_subquery(),
        func.clock_timestamp(),
    )
    .where(Case.reference == func.any(bindparam("references")))
    .order_by(Case.id)
    .with_for_update(key_share=True, of=Case)
)


_LOCK_ANY = Statement(_LOCK_CASES)


@lru_cache(maxsize=1024)
def _lock_visible(actor: Actor, permissions: tuple[Permission, ...], today: date) -> Statement:
    clauses = [policy.visible(actor, permission, today) for permission in permissions]
    return Statement(_LOCK_CASES.where(or_(*clauses)))


def lock_cases(
    connection: Connection,
    references: Collection[str],
    scope: tuple[Actor, tuple[Permission, ...], date] | None,
) -> dict[str, Locked]:
    """Lock cases by id and return them by reference with the linked organisation and the clock.

    A case for which the actor has none of the permissions in `scope` on that day is neither
    locked nor returned.
    """
    # Whatever else a sender calls a case, PostgreSQL need not see it.
    named = sorted(name for name in references if REFERENCE.fullmatch(name))
    if not named:
        return {}
    statement = _LOCK_ANY if scope is None else _lock_visible(*scope)
    rows = statement.run(connection, {"references": named})
    found = {}
    for row in rows:
        record = CaseRecord(**dict(zip(_CASE_NAMES, row, strict=False)))
        found[record.reference] = (record, row[-2], row[-1])
    return found


_MEMBERS = Statement(
    select(
        Membership.case_id,
        Membership.id,
        Person.id,
        Person.reference,
        Membership.role,
        Person.birth_date,
        Person.permit_on,
        Membership.joined_on,
        Membership.housed_on,
        select(Screening.id).where(Screening.person_id == Person.id).exists(),
        QuotaEntry.id,
        QuotaEntry.municipality_code,
        QuotaEntry.booked_on,
    )
    .join(Person, Person.id == Membership.person_id)
    .outerjoin(Realisation, Realisation.person_id == Person.id)
    .outerjoin(QuotaEntry, QuotaEntry.id == Realisation.entry_id)
    .where(Membership.case_id == func.any(bindparam("cases")), belongs())
    .order_by(Membership.case_id, Membership.id)
)


def load_members(connection: Connection, cases: list[int]) -> dict[int, list[MemberRecord]]:
    """Return the live members of cases, each household in the order of joining.

    With each come whether there is a screening (or a reason why not) and the live realisation.
    """
    found: dict[int, list[MemberRecord]] = {case: [] for case in cases}
    for row in _MEMBERS.run(connection, {"cases": cases}):
        found[row[0]].append(
            MemberRecord(
                membership_id=row[1],
                person_id=row[2],
                reference=row[3],
                role=row[4],
                birth_date=row[5],
                permit_on=row[6],
                joined_on=row[7],
                housed_on=row[8],
                screened=row[9],
                realised_entry=row[10],
                realised_municipality=row[11],
                realised_on=row[12],
            )
        )
    return found


_PREPARED = Statement(
    select(
        Preparation.person_id,
        Preparation.module,
        Preparation.on_date,
        func.sum(Preparation.hours),
    )
    .where(Preparation.person_id == func.any(bindparam("persons")))
    .group_by(Preparation.person_id, Preparation.module, Preparation.on_date)
)


def load_preparation(
    connection: Connection, members: Iterable[MemberRecord]
) -> dict[tuple[int, str, date], int]:
    """Return the hours recorded per person, module and day."""
    persons = [member.person_id for member in members]
    rows = _PREPARED.run(connection, {"persons": persons})
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


_OFFER_NAMES = HousingOffer.__table__.c.keys()
_OFFERS = Statement(
    select(HousingOffer.__table__).where(HousingOffer.id == func.any(bindparam("offers")))
)


def load_offers(connection: Connection, offers: list[int]) -> dict[int, dict[str, Any]]:
    """Return offers by key."""
    rows = _OFFERS.run(connection, {"offers": offers})
    return {row[0]: dict(zip(_OFFER_NAMES, row, strict=True)) for row in rows}


def _balance_statement() -> Statement:
    took_over = (
        select(literal(value=True))
        .where(MunicipalityPredecessor.successor_code == Municipality.code)
        .exists()
    )
    exempt = (
        select(literal(value=True))
        .where(
            MunicipalityExemption.municipality_code == Municipality.code,
            holds_on(MunicipalityExemption, bindparam("today")),
        )
        .exists()
    )
    return Statement(
        select(
            Municipality.code,
            Municipality.organisation_id,
            Municipality.region_number,
            Municipality.valid_from,
            Municipality.valid_until,
            exempt,
            QuotaBalance.obliged,
            QuotaBalance.realised,
            QuotaBalance.reserved,
            took_over,
        )
        .join(QuotaBalance, QuotaBalance.municipality_code == Municipality.code)
        .where(Municipality.code == func.any(bindparam("codes")))
        .order_by(Municipality.code)
        .with_for_update(key_share=True, of=QuotaBalance)
    )


_BALANCES = _balance_statement()
_LATER = Statement(
    select(QuotaRollup.municipality_code, QuotaRollup.half_year, func.sum(QuotaRollup.persons))
    .where(
        QuotaRollup.municipality_code == func.any(bindparam("codes")),
        QuotaRollup.grain == "half_year",
        QuotaRollup.kind.in_(OBLIGING),
        QuotaRollup.half_year > bindparam("half_year"),
    )
    .group_by(QuotaRollup.municipality_code, QuotaRollup.half_year)
)


def lock_balances(
    connection: Connection, codes: Collection[str], today: date
) -> dict[str, MunicipalityRecord]:
    """Lock balances by municipality code and return the municipalities with them."""
    if not codes:
        return {}
    rows = _BALANCES.run(connection, {"codes": sorted(codes), "today": today})
    found = {row[0]: MunicipalityRecord(*row) for row in rows}
    if merged := [code for code, each in found.items() if each.took_over]:
        for code, held in balances_of(connection, merged).items():
            each = found[code]
            each.obliged, each.realised, each.reserved = held
    return found


def load_later_quotas(
    connection: Connection, locked: dict[str, MunicipalityRecord], half_year: str
) -> None:
    """Note what municipalities are obliged to after a half-year; their balances are locked."""
    rows = _LATER.run(connection, {"codes": sorted(locked), "half_year": half_year})
    if merged := {code for code, each in locked.items() if each.took_over}:
        rows = [row for row in rows if row[0] not in merged]
        rows += later_quotas_of(connection, merged, half_year)
    for code, half, persons in rows:
        locked[code].later_quota[half] = int(persons)
