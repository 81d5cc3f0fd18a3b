"""The dwellings that a municipality expects, reported by itself for its own code."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import Connection, select

from models import HousingSupply, Municipality
from models.vocabulary import SupplyKind
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.matching.data import SupplyRow, write_rows
from workflows.moment import Moment
from workflows.payload import MunicipalityCode, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.territory import territory

SOURCE = "Opgave van de gemeente"
MOST = 100_000
FirstDay = Annotated[date, AfterValidator(lambda day: day.replace(day=1))]


class SupplyReport(Payload):
    """How many dwellings of each kind a municipality expects to have free in a month."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)
    month: FirstDay = entry("Maand", Widget.DATE, help_text="Een dag in de maand.")
    one_person: int = entry("Woningen voor een persoon", Widget.NUMBER, ge=0, le=MOST)
    family: int = entry("Woningen voor een gezin", Widget.NUMBER, ge=0, le=MOST)
    large_family: int = entry("Daarvan voor zes of meer personen", Widget.NUMBER, ge=0, le=MOST)
    accessible: int = entry("Toegankelijke woningen", Widget.NUMBER, ge=0, le=MOST)


@dataclass(frozen=True, slots=True)
class HeldSupply:
    """What is expected of a kind in a month, with where the figure comes from."""

    municipality: str
    month: date
    kind: str
    units: int
    source: str


def own_municipalities(connection: Connection, actor: Actor) -> list[str]:
    """Return the codes for which an actor may report; raises `NotFound` without the right."""
    reach = territory(actor, Permission.REPORT_SUPPLY)
    return list(
        connection.scalars(
            select(Municipality.code)
            .where(reach.clause(Municipality.code))
            .order_by(Municipality.code)
        )
    )


def expected_supply(connection: Connection, actor: Actor, today: date) -> list[HeldSupply]:
    """Return what an actor's municipalities expect from this month on, by month.

    Raises `NotFound` without the right.
    """
    reach = territory(actor, Permission.REPORT_SUPPLY)
    row = HousingSupply
    found = connection.execute(
        select(Municipality.name, row.month, row.kind, row.units, row.source)
        .join(Municipality, Municipality.code == row.municipality_code)
        .where(reach.clause(row.municipality_code), row.month >= today.replace(day=1))
        .order_by(Municipality.name, row.month, row.kind)
    )
    return [HeldSupply(*each) for each in found]


def report_supply(
    connection: Connection, actor: Actor, payload: SupplyReport, moment: Moment
) -> int:
    """Store a report and return how many figures are new or changed; the caller commits.

    Raises `NotFound` without the right or for another's municipality, and `Refused` for a month
    that is over or homes for large families beyond those for families.
    """
    territory(actor, Permission.REPORT_SUPPLY).demand(connection, payload.municipality)
    if payload.month < moment.today.replace(day=1):
        raise Refused("month_over", "Deze maand is voorbij.", "month")
    if payload.large_family > payload.family:
        raise Refused(
            "more_than_all",
            "Dit zijn er meer dan alle woningen voor een gezin.",
            "large_family",
        )
    rows = [
        SupplyRow(
            municipality_code=payload.municipality,
            month=payload.month,
            kind=kind,
            units=int(getattr(payload, kind.value)),
            source=SOURCE,
        )
        for kind in SupplyKind
    ]
    return write_rows(connection, actor.user_id, rows, moment)
