"""Persons whom a step found again by V-number instead of taking what was typed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Integer, func, select

from models import CaseEvent, Person


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What the program held of a person already, and holds still."""

    name: str
    permit_on: date


def known_before(connection: Connection, event_id: int) -> list[KnownBefore]:
    """Return who of those that joined by an event was known before it, by name."""
    known = func.jsonb_array_elements_text(CaseEvent.facts["known"]).cast(Integer)
    rows = connection.execute(
        select(Person.given_names + " " + Person.family_name, Person.permit_on)
        .where(Person.id.in_(select(known).where(CaseEvent.id == event_id)))
        .order_by(Person.sort_name)
    )
    return [KnownBefore(*row) for row in rows]
