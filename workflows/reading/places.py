"""Organisations, municipalities, regions and colleagues to choose from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Text, cast, func, or_, select

from models import (
    Case,
    Grant,
    LabourMarketRegion,
    Municipality,
    Organisation,
    Province,
    User,
)
from models.vocabulary import OrganisationKind
from workflows.quota.held_ledgers import HELD_BALANCES
from workflows.validity import holds_on

SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Something to choose by reference or code, with its name."""

    code: str
    name: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class SuggestedMunicipality:
    """A municipality with what helps to choose it; room in persons."""

    code: str
    name: str
    province: str
    room: int


def at_place(place: str) -> ColumnElement[bool]:
    """Return the clause for cases at a municipality (by code) or a reception centre."""
    centre = select(Organisation.id).where(Organisation.reference == place).scalar_subquery()
    return or_(Case.municipality_code == place, Case.centre_id == centre)


def centres(connection: Connection) -> list[Place]:
    """Return all reception centres by name."""
    rows = connection.execute(
        select(Organisation.reference, Organisation.name, Organisation.id)
        .where(Organisation.kind == OrganisationKind.RECEPTION_CENTRE)
        .order_by(Organisation.name)
    )
    return [Place(*row) for row in rows]


def labour_regions(connection: Connection) -> list[Place]:
    """Return the labour-market regions by name."""
    rows = connection.execute(
        select(LabourMarketRegion.number, LabourMarketRegion.name).order_by(LabourMarketRegion.name)
    )
    return [Place(str(row[0]), row[1]) for row in rows]


def colleagues(connection: Connection, organisations: list[int], today: date) -> list[Place]:
    """Return who holds a grant in one of the organisations today, by name."""
    rows = connection.execute(
        select(User.reference, User.name, User.id)
        .where(
            User.active,
            User.id.in_(
                select(Grant.user_id).where(
                    Grant.organisation_id.in_(organisations),
                    holds_on(Grant, today),
                )
            ),
        )
        .order_by(User.name)
    )
    return [Place(*row) for row in rows]


def find_municipalities(connection: Connection, typed: str, today: date) -> list[Place]:
    """Return the municipality with this code or name; otherwise those whose name begins so."""
    text = typed.strip()
    lowered = text.lower()
    rows = connection.execute(
        select(Municipality.code, Municipality.name)
        .where(
            holds_on(Municipality, today),
            or_(
                Municipality.code == text.upper(),
                func.lower(Municipality.name).startswith(lowered, autoescape=True),
            ),
        )
        .order_by(Municipality.name)
        .limit(SUGGESTIONS)
    ).all()
    found = [Place(*row) for row in rows]
    exact = [
        place for place in found if place.code == text.upper() or place.name.lower() == lowered
    ]
    return exact or found


def suggest_municipalities(
    connection: Connection, typed: str, today: date
) -> list[SuggestedMunicipality]:
    """Return municipalities whose name holds the text, those that begin with it first."""
    lowered = typed.strip().lower()
    name, held = func.lower(Municipality.name), HELD_BALANCES
    rows = connection.execute(
        select(
            Municipality.code,
            Municipality.name,
            Province.name,
            held.c.obliged - held.c.realised - held.c.reserved,
        )
        .join(Province, Province.code == Municipality.province_code)
        .join(held, held.c.code == Municipality.code)
        .where(holds_on(Municipality, today), name.contains(lowered, autoescape=True))
        .order_by(name.startswith(lowered, autoescape=True).desc(), Municipality.name)
        .limit(SUGGESTIONS)
    )
    return [SuggestedMunicipality(*row) for row in rows]


def municipality_names(connection: Connection, codes: set[str]) -> dict[str, str]:
    """Return the names of municipalities."""
    if not codes:
        return {}
    rows = connection.execute(
        select(Municipality.code, Municipality.name).where(Municipality.code.in_(codes))
    )
    return {row[0]: row[1] for row in rows}


def names_of(connection: Connection, wanted: set[str | int]) -> dict[str, str]:
    """Return names: organisations by reference or key, users by reference, 'region 15' so."""
    if not wanted:
        return {}
    references = [each for each in wanted if isinstance(each, str)]
    keys = [each for each in wanted if isinstance(each, int)]
    region = func.concat("region ", LabourMarketRegion.number)
    rows = connection.execute(
        select(Organisation.reference, Organisation.name)
        .where(Organisation.reference.in_(references))
        .union_all(
            select(cast(Organisation.id, Text), Organisation.name).where(Organisation.id.in_(keys)),
            select(User.reference, User.name).where(User.reference.in_(references)),
            select(region, LabourMarketRegion.name).where(region.in_(references)),
        )
    )
    return {row[0]: row[1] for row in rows}
