"""Locks and loads what steps decide on, in the order that decisions.md prescribes.

Ledger lock, cases by id, balances by municipality code; each for a whole batch at once.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
)

from models import (
    Case,
    Grant,
    HousingOffer,
    Membership,
    Municipality,
    MunicipalityExemption,
    Organisation,
    Person,
    Preparation,
    QuotaBalance,
    QuotaEntry,
    QuotaRollup,
    Realisation,
    Screening,
    User,
)
from models.vocabulary import OrganisationKind
from workflows.moment import Moment
from workflows.situation import (
    CaseRecord,
    KnownPerson,
    MemberRecord,
    MunicipalityRecord,
    Places,
    Reference,
)

# The columns are typed by the records that they fill.
Selected = Select[*tuple[Any, ...]]

LEDGER_LOCK = 7_401_002
OBLIGING = ("opening", "quota", "transfer_in", "transfer_out")

_CASE_COLUMNS = [getattr(Case, field.name) for field in fields(CaseRecord)]
_CASE_NAMES = [field.name for field in fields(CaseRecord)]


class StoredNorm:
    """A version of a norm as the administrators keep it."""

    __slots__ = ("amount", "code", "valid_from", "valid_until")

    def __init__(self, code: str, amount: int, valid_from: date, valid_until: date | None) -> None:
        self.code = code
        self.amount = amount
        self.valid_from = valid_from
        self.valid_until = valid_until


_OPENING = text(
    """
    SELECT CASE WHEN :posts THEN pg_advisory_xact_lock_shared(:ledger) END,
           clock_timestamp() + :offset,
           (SELECT json_agg(json_build_array(code, amount, valid_from, valid_until))::text
              FROM norm),
           (SELECT json_agg(json_build_array(housing_kind, valid_from, valid_until, counts))::text
              FROM count_rule)
    """
)


def open_batch(connection: Connection, moment: Moment, *, posts: bool) -> Reference:
    """Take the ledger's shared lock when lines will be posted, then stamp the database's clock."""
    row = connection.execute(
        _OPENING, {"posts": posts, "ledger": LEDGER_LOCK, "offset": moment.offset}
    ).one()
    return Reference(recorded_at=row[1], norms=_norms(row[2]), counting=_counting(row[3]))


@lru_cache(maxsize=4)
def _norms(stored: str | None) -> tuple[StoredNorm, ...]:
    return tuple(
        StoredNorm(code, amount, date.fromisoformat(start), _optional_date(end))
        for code, amount, start, end in json.loads(stored or "[]")
    )


@lru_cache(maxsize=4)
def _counting(stored: str | None) -> tuple[tuple[str, date, date | None, bool], ...]:
    return tuple(
        (kind, date.fromisoformat(start), _optional_date(end), counts)
        for kind, start, end, counts in json.loads(stored or "[]")
    )


def _optional_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


_LOCK_CASES = (
    select(*_CASE_COLUMNS, Municipality.organisation_id)
    .select_from(Case)
    .outerjoin(Municipality, Municipality.code == Case.municipality_code)
    .where(Case.reference == func.any(bindparam("references")))
    .order_by(Case.id)
    .with_for_update(key_share=True, of=Case)
)


def lock_cases(
    connection: Connection, references: Collection[str], clause: ColumnElement[bool] | None
) -> dict[str, tuple[CaseRecord, int | None]]:
    """Lock cases by id and return them by reference with the linked organisation.

    `clause` is the policy's filter: a case outside it is neither locked nor returned.
    """
    if not references:
        return {}
    statement = _LOCK_CASES if clause is None else _LOCK_CASES.where(clause)
    rows = connection.execute(statement, {"references": sorted(references)})
    found = {}
    for row in rows:
        record = CaseRecord(**dict(zip(_CASE_NAMES, row, strict=False)))
        found[record.reference] = (record, row[-1])
    return found


# The household of a closed case keeps its members: outcomes and corrections name them.
_MEMBER = or_(Membership.left_on.is_(None), Membership.end_reason == "case_closed")
_MEMBERS = (
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
    )
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.case_id == func.any(bindparam("cases")), _MEMBER)
    .order_by(Membership.case_id, Membership.id)
)


def load_members(connection: Connection, cases: list[int]) -> dict[int, list[MemberRecord]]:
    """Return the live members of cases, each household in the order of joining."""
    found: dict[int, list[MemberRecord]] = {case: [] for case in cases}
    for row in connection.execute(_MEMBERS, {"cases": cases}):
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
            )
        )
    return found


_SCREENED = select(Screening.person_id).where(Screening.person_id == func.any(bindparam("persons")))
_REALISED = (
    select(
        Realisation.person_id,
        QuotaEntry.id,
        QuotaEntry.municipality_code,
        QuotaEntry.booked_on,
    )
    .join(QuotaEntry, QuotaEntry.id == Realisation.entry_id)
    .where(Realisation.person_id == func.any(bindparam("persons")))
)


def load_screenings(connection: Connection, members: Iterable[MemberRecord]) -> None:
    """Mark the members who have a screening or a reason why not."""
    by_person = {member.person_id: member for member in members}
    for person_id in connection.scalars(_SCREENED, {"persons": list(by_person)}):
        by_person[person_id].screened = True


def load_realisations(connection: Connection, members: Iterable[MemberRecord]) -> None:
    """Note the live realisation of each member."""
    by_person = {member.person_id: member for member in members}
    for row in connection.execute(_REALISED, {"persons": list(by_person)}):
        member = by_person[row[0]]
        member.realised_entry, member.realised_municipality, member.realised_on = row[1:]


_PREPARED = (
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
    rows = connection.execute(_PREPARED, {"persons": persons})
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


_OFFERS = select(HousingOffer.__table__).where(HousingOffer.id == func.any(bindparam("offers")))


def load_offers(connection: Connection, offers: list[int]) -> dict[int, dict[str, Any]]:
    """Return offers by key."""
    rows = connection.execute(_OFFERS, {"offers": offers})
    return {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def _balance_statement() -> Selected:
    exempt = (
        select(literal(value=True))
        .where(
            MunicipalityExemption.municipality_code == Municipality.code,
            MunicipalityExemption.valid_from <= bindparam("today", type_=None),
            or_(
                MunicipalityExemption.valid_until.is_(None),
                MunicipalityExemption.valid_until > bindparam("today"),
            ),
        )
        .exists()
    )
    return (
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
        )
        .join(QuotaBalance, QuotaBalance.municipality_code == Municipality.code)
        .where(Municipality.code == func.any(bindparam("codes")))
        .order_by(Municipality.code)
        .with_for_update(key_share=True, of=QuotaBalance)
    )


_BALANCES: Selected = _balance_statement()
_LATER: Selected = (
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
    connection: Connection, codes: Collection[str], today: date, half_year: str
) -> dict[str, MunicipalityRecord]:
    """Lock balances by municipality code and return the municipalities with their room."""
    if not codes:
        return {}
    ordered = sorted(codes)
    found: dict[str, MunicipalityRecord] = {}
    for row in connection.execute(_BALANCES, {"codes": ordered, "today": today}):
        found[row[0]] = MunicipalityRecord(*row)
    for code, half, persons in connection.execute(
        _LATER, {"codes": ordered, "half_year": half_year}
    ):
        found[code].later_quota[half] = int(persons)
    return found


_PLACES: Selected = select(
    Organisation.kind, Organisation.reference, Organisation.id, Organisation.parent_id
).where(
    Organisation.kind.in_(
        [OrganisationKind.RECEPTION_CENTRE, OrganisationKind.COA_REGION, OrganisationKind.GUARDIAN]
    )
)
_COLLEAGUES: Selected = (
    select(User.reference, User.id, func.array_agg(Grant.organisation_id))
    .join(Grant, Grant.user_id == User.id)
    .where(
        User.reference == func.any(bindparam("references")),
        User.active,
        Grant.valid_from <= bindparam("today"),
        or_(Grant.valid_until.is_(None), Grant.valid_until > bindparam("today")),
    )
    .group_by(User.id)
)


def load_places(connection: Connection, colleagues: Collection[str], today: date) -> Places:
    """Return the reception centres, regions and guardian, and the colleagues that are named."""
    rows = list(connection.execute(_PLACES))
    people = connection.execute(_COLLEAGUES, {"references": sorted(colleagues), "today": today})
    return Places(
        centres={row[1]: (row[2], row[3]) for row in rows if row[0] == "reception_centre"},
        regions={row[1]: row[2] for row in rows if row[0] == "coa_region"},
        guardian_id=next((row[2] for row in rows if row[0] == "guardian"), None),
        colleagues={row[0]: (row[1], frozenset(row[2])) for row in people},
    )


_KNOWN: Selected = (
    select(
        Person.v_number,
        Person.id,
        Person.reference,
        Person.birth_date,
        select(Membership.id)
        .where(Membership.person_id == Person.id, Membership.left_on.is_(None))
        .exists(),
    )
    .where(Person.v_number == func.any(bindparam("numbers")))
    .order_by(Person.id)
    .with_for_update(key_share=True, of=Person)
)


def lock_known_persons(connection: Connection, numbers: Collection[str]) -> dict[str, KnownPerson]:
    """Lock the persons with these V-numbers by id and tell who is in a live case."""
    if not numbers:
        return {}
    rows = connection.execute(_KNOWN, {"numbers": sorted(numbers)})
    return {row[0]: KnownPerson(*row[1:]) for row in rows}


def load_regions(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    """Return the labour-market region of each municipality that exists."""
    if not codes:
        return {}
    rows = connection.execute(
        select(Municipality.code, Municipality.region_number).where(
            Municipality.code == func.any(bindparam("codes"))
        ),
        {"codes": sorted(codes)},
    )
    return {row[0]: row[1] for row in rows}


def load_case_keys(connection: Connection, references: Collection[str]) -> dict[str, int]:
    """Return the keys of the cases with these references, whoever may see them."""
    if not references:
        return {}
    rows = connection.execute(
        select(Case.reference, Case.id).where(Case.reference == func.any(bindparam("references"))),
        {"references": sorted(references)},
    )
    return {row[0]: row[1] for row in rows}
