"""What a quota officer fills in to divide a national number, and what is done with it."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
from sqlalchemy import Connection

from models.vocabulary import ApportionMethod
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, OptionalDate, Payload, Widget, entry
from workflows.quota.assignment import Announcement, assign_quota, last_number
from workflows.quota.period import HalfYear
from workflows.quota.revision import Revised, revise_quota

MOST_PERSONS = 1_000_000


def _half_year(value: object) -> str:
    try:
        return str(HalfYear.parse(str(value).strip().upper()))
    except ValueError as error:
        raise ValueError("Schrijf het halfjaar als 2017-I of 2017-II.") from error


WrittenHalfYear = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-I{1,2}$"), BeforeValidator(_half_year)
]


class NationalNumber(Payload):
    """A number that was announced for a half-year, in persons."""

    half_year: WrittenHalfYear = entry("Halfjaar", Widget.TEXT, help_text="Zoals 2017-I.")
    persons: int = entry(
        "Landelijk aantal", Widget.NUMBER, help_text="Personen.", ge=0, le=MOST_PERSONS
    )

    @property
    def period(self) -> HalfYear:
        """Return the half-year."""
        return HalfYear.parse(self.half_year)


class Division(NationalNumber):
    """A number with the method that divides it; `effective_on` for a revision only."""

    method: ApportionMethod = entry("Methode", Widget.CHOICE)
    source: Line = entry(
        "Bron", Widget.TEXT, help_text="Waar het aantal bekend is gemaakt.", personal=True
    )
    effective_on: OptionalDate = entry(
        "Gaat in op",
        Widget.DATE,
        default=None,
        help_text="Alleen als het aantal tijdens het halfjaar wijzigt.",
    )


def announce(
    connection: Connection, actor: Actor, payload: Division, moment: Moment
) -> Revised | None:
    """Assign a number, or revise it where one holds already; returns the revision, if it is one.

    Raises `NotFound` without the right and `Refused` beside the field that does not fit.
    """
    if payload.method is ApportionMethod.GIVEN:
        raise Refused("method", "Kies een van de twee rekenwijzen.", "method")
    announced = Announcement(
        half_year=payload.period,
        persons=payload.persons,
        method=payload.method,
        source=payload.source,
    )
    if last_number(connection, payload.period) is None:
        if payload.effective_on not in {None, payload.period.starts_on}:
            raise Refused(
                "first_number",
                "Het eerste aantal van een halfjaar geldt vanaf de eerste dag.",
                "effective_on",
            )
        assign_quota(connection, actor, announced, moment)
        return None
    if payload.effective_on is None:
        raise Refused(
            "effective_on",
            "Voor dit halfjaar geldt al een aantal. Vul in vanaf welke dag het nieuwe geldt.",
            "effective_on",
        )
    return revise_quota(connection, actor, announced, payload.effective_on, moment)


def first_day(half_year: HalfYear, today: date) -> date | None:
    """Return the day of effect to propose for a revision: today, where it lies in the half-year."""
    return today if half_year.starts_on <= today <= half_year.ends_on else None
