"""What an installation holds: organisations, and the references of persons by V-number."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models import Municipality, Organisation, Person, User


@dataclass(frozen=True, slots=True)
class Installed:
    """An organisation; `code` is the municipality's, `parent_id` the region of a centre."""

    kind: str
    name: str
    id: int
    reference: str
    parent_id: int | None
    code: str | None


def installed_organisations(connection: Connection) -> list[Installed]:
    """Return all organisations by key."""
    rows = connection.execute(
        select(
            Organisation.kind,
            Organisation.name,
            Organisation.id,
            Organisation.reference,
            Organisation.parent_id,
            Municipality.code,
        )
        .outerjoin(Municipality, Municipality.organisation_id == Organisation.id)
        .order_by(Organisation.id)
    )
    return [Installed(*row) for row in rows]


def person_references(connection: Connection, v_numbers: Collection[str]) -> dict[str, str]:
    """Return the references of persons by V-number; unknown numbers are left out."""
    rows = connection.execute(
        select(Person.v_number, Person.reference).where(
            Person.v_number == func.any(sorted(v_numbers))
        )
    )
    return {number: reference for number, reference in rows if number is not None}


def user_references(connection: Connection, users: Collection[int]) -> dict[int, str]:
    """Return the references of users by key."""
    rows = connection.execute(select(User.id, User.reference).where(User.id.in_(users)))
    return {row[0]: row[1] for row in rows}
