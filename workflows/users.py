"""Users and grants: made by an administrator, read at every request."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select, text

from models import Grant, User
from models.vocabulary import Role
from workflows.actor import Actor, HeldGrant
from workflows.errors import Refused
from workflows.held_grants import held_grants
from workflows.moment import Moment
from workflows.writing import insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A user to be made, with the hash of the password and the grants (role, organisation)."""

    email: str
    name: str
    password_hash: str
    grants: tuple[tuple[Role, int], ...]
    language: str = "nl"


def add_users(
    connection: Connection, users: list[NewUser], moment: Moment, *, valid_from: date
) -> dict[str, int]:
    """Make users with grants, and return their keys by e-mail address; the caller commits.

    Raises `Refused` when an address is in use.
    """
    emails = [user.email.strip().lower() for user in users]
    if connection.scalar(select(User.id).where(User.email.in_(emails)).limit(1)) is not None:
        raise Refused("email_taken", "Dit e-mailadres is al in gebruik.", "email")
    rows = [
        {
            "reference": moment.new_reference(),
            "email": email,
            "name": user.name,
            "password_hash": user.password_hash,
            "language": user.language,
        }
        for email, user in zip(emails, users, strict=True)
    ]
    insert_rows(connection, [(User, row) for row in rows])
    found = connection.execute(select(User.email, User.id).where(User.email.in_(emails)))
    keys: dict[str, int] = {row[0]: row[1] for row in found}
    insert_rows(
        connection,
        [
            (
                Grant,
                {
                    "user_id": keys[email],
                    "role": role,
                    "organisation_id": organisation,
                    "valid_from": valid_from,
                },
            )
            for email, user in zip(emails, users, strict=True)
            for role, organisation in user.grants
        ],
    )
    return keys


def load_actors(connection: Connection, users: list[int], today: date) -> dict[int, Actor]:
    """Return the active users with the grants that hold today; who has none is left out.

    Who works for a municipality works for those that merged into it too: their history is its.
    A substitute holds what the absent colleague holds, at the organisation of the substitution.
    """
    names: dict[int, str] = {}
    held: dict[int, list[HeldGrant]] = {}
    for row in connection.execute(held_grants(users, today)):
        names[row.user_id] = row.name
        grant = HeldGrant(
            Role(row.role),
            row.organisation_id,
            row.organisation,
            row.area,
            row.absent_id,
        )
        if grant not in held.setdefault(row.user_id, []):
            held[row.user_id].append(grant)
    inherited = _inherited(connection, held, today)
    return {
        key: Actor(key, names[key], (*grants, *_of_predecessors(grants, inherited)))
        for key, grants in held.items()
    }


_PREDECESSORS = text(
    """
    WITH RECURSIVE former AS (
        SELECT successor_code, predecessor_code FROM municipality_predecessor
         WHERE successor_code = ANY(:codes) AND on_date <= :today
        UNION
        SELECT f.successor_code, p.predecessor_code
          FROM former f JOIN municipality_predecessor p ON p.successor_code = f.predecessor_code
    )
    SELECT f.successor_code, m.organisation_id, m.code
      FROM former f JOIN municipality m ON m.code = f.predecessor_code
     ORDER BY 1, 3
    """
)


def _inherited(
    connection: Connection, held: dict[int, list[HeldGrant]], today: date
) -> dict[str, list[tuple[int, str]]]:
    """Return organisation and code of the municipalities that merged, by their successor."""
    codes = {grant.area_code for grants in held.values() for grant in grants} - {None}
    found: dict[str, list[tuple[int, str]]] = {}
    if codes:
        rows = connection.execute(_PREDECESSORS, {"codes": sorted(map(str, codes)), "today": today})
        for successor, organisation, code in rows:
            found.setdefault(successor, []).append((organisation, code))
    return found


def _of_predecessors(
    grants: list[HeldGrant], inherited: dict[str, list[tuple[int, str]]]
) -> list[HeldGrant]:
    return [
        replace(grant, organisation_id=organisation, area_code=code)
        for grant in grants
        for organisation, code in inherited.get(grant.area_code or "", ())
    ]
