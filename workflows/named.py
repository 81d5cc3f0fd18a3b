"""Finds what payloads name: centres, regions, colleagues, persons by V-number, cases."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from models import Case, Grant, Membership, Organisation, Person, QuotaEntry, Realisation, User
from models.vocabulary import OrganisationKind
from workflows.records import KnownPerson
from workflows.situation import Places
from workflows.statement import Statement
from workflows.validity import holds_on

_PLACES = Statement(
    select(
        Organisation.kind, Organisation.reference, Organisation.id, Organisation.parent_id
    ).where(
        Organisation.kind.in_(
            [
                OrganisationKind.RECEPTION_CENTRE,
                OrganisationKind.COA_REGION,
                OrganisationKind.GUARDIAN,
            ]
        )
    )
)
# Whoever closes the account of a colleague meanwhile is waited for: nobody gets work who left.
_COLLEAGUES = Statement(
    select(
        User.reference,
        User.id,
        select(func.array_agg(Grant.organisation_id))
        .where(
            Grant.user_id == User.id,
            holds_on(Grant, bindparam("today")),
        )
        .scalar_subquery(),
    )
    .where(User.reference == func.any(bindparam("references")), User.active)
    .order_by(User.id)
    .with_for_update(read=True, of=User)
)


def load_places(connection: Connection) -> Places:
    """Return the reception centres, the regions and the guardian."""
    rows = _PLACES.run(connection, {})
    return Places(
        centres={row[1]: (row[2], row[3]) for row in rows if row[0] == "reception_centre"},
        regions={row[1]: row[2] for row in rows if row[0] == "coa_region"},
        guardian_id=next((row[2] for row in rows if row[0] == "guardian"), None),
    )


def load_colleagues(
    connection: Connection, references: Collection[str], today: date
) -> dict[str, tuple[int, frozenset[int]]]:
    """Return the keys of users by reference, and the organisations where each works today."""
    rows = _COLLEAGUES.run(connection, {"references": sorted(references), "today": today})
    return {row[0]: (row[1], frozenset(row[2] or ())) for row in rows}


_KNOWN = Statement(
    select(
        Person.v_number,
        Person.id,
        Person.reference,
        Person.birth_date,
        Person.permit_on,
        Realisation.entry_id,
        QuotaEntry.municipality_code,
        QuotaEntry.booked_on,
        select(Membership.id)
        .where(Membership.person_id == Person.id, Membership.left_on.is_(None))
        .exists(),
    )
    .outerjoin(Realisation, Realisation.person_id == Person.id)
    .outerjoin(QuotaEntry, QuotaEntry.id == Realisation.entry_id)
    .where(Person.v_number == func.any(bindparam("numbers")))
    .order_by(Person.id)
    .with_for_update(key_share=True, of=Person)
)


def lock_known_persons(connection: Connection, numbers: Collection[str]) -> dict[str, KnownPerson]:
    """Lock the persons with these V-numbers by id and tell who is in a live case."""
    if not numbers:
        return {}
    rows = _KNOWN.run(connection, {"numbers": sorted(numbers)})
    return {row[0]: KnownPerson(*row[1:]) for row in rows}


_CASE_KEYS = Statement(
    select(Case.reference, Case.id).where(Case.reference == func.any(bindparam("references")))
)


def load_case_keys(connection: Connection, references: Collection[str]) -> dict[str, int]:
    """Return the keys of the cases with these references, whoever may see them."""
    if not references:
        return {}
    rows = _CASE_KEYS.run(connection, {"references": sorted(references)})
    return {row[0]: row[1] for row in rows}
