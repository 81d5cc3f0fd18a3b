"""Divides a national number over the municipalities and posts their quotas."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from models import Municipality, MunicipalityExemption, MunicipalityPopulation, NationalQuota
from models.vocabulary import ApportionMethod, QuotaKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.apportion import Apportionment, apportion
from workflows.quota.ledger import Line, open_ledger, write_lines
from workflows.quota.period import HalfYear
from workflows.quota.posted import heirs, inhabitants
from workflows.trail import record_audit
from workflows.validity import holds_on

EXEMPT = "exempt"
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A national number in persons for a half-year, how it is divided, and where it was published.

    `exempt` None takes the exemptions in force on the first day, which the statute's method does
    not know. `figures` holds the quota of each municipality for the method `given`.
    """

    half_year: HalfYear
    persons: int
    method: ApportionMethod
    source: str
    exempt: Collection[str] | None = None
    figures: Mapping[str, int] | None = None


def assign_quota(
    connection: Connection, actor: Actor, announced: Announcement, moment: Moment
) -> Apportionment:
    """Store a national number with one quota line for each municipality; the caller commits.

    The lines are booked on the first day of the half-year. Raises `NotFound` without the right and
    `Refused` when the half-year has a quota already or the number cannot be divided.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    half_year = announced.half_year
    division = divide(connection, announced)
    at = open_ledger(connection, moment, division.quotas.keys())
    # Asked under the locks, so that of two officers at the same time one is refused.
    if last_number(connection, half_year) is not None:
        raise Refused(
            "quota_assigned",
            "De taakstelling van {half_year} is al vastgesteld.",
            "half_year",
            {"half_year": str(half_year)},
        )
    number = store_number(connection, actor, announced, half_year.starts_on, at, moment)
    write_lines(connection, actor, _lines(division, half_year, number.id), at)
    fields = ("half_year", "persons", "method", "source")
    record_audit(
        connection, moment, actor.user_id, "assign_quota", subject=number.reference, fields=fields
    )
    return division


@dataclass(frozen=True, slots=True)
class StoredNumber:
    """A national number of a half-year as it is kept, the newest of its revisions."""

    id: int
    reference: str
    persons: int
    method: ApportionMethod
    effective_on: date


def last_number(connection: Connection, half_year: HalfYear) -> StoredNumber | None:
    """Return the national number that holds for a half-year, if there is one."""
    row = connection.execute(
        select(
            NationalQuota.id,
            NationalQuota.reference,
            NationalQuota.persons,
            NationalQuota.method,
            NationalQuota.effective_on,
        )
        .where(NationalQuota.half_year == str(half_year))
        .order_by(NationalQuota.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return StoredNumber(row[0], row[1], row[2], ApportionMethod(row[3]), row[4])


def store_number(  # noqa: PLR0917 - each has its own meaning
    connection: Connection,
    actor: Actor,
    announced: Announcement,
    effective_on: date,
    at: datetime,
    moment: Moment,
) -> StoredNumber:
    """Write down a national number; the locks of `open_ledger` are held."""
    reference = moment.new_reference()
    number_id: int = connection.execute(
        insert(NationalQuota)
        .values(
            reference=reference,
            half_year=str(announced.half_year),
            persons=announced.persons,
            method=announced.method.value,
            source=announced.source,
            effective_on=effective_on,
            recorded_at=at,
            recorded_by=actor.user_id,
        )
        .returning(NationalQuota.id)
    ).scalar_one()
    return StoredNumber(number_id, reference, announced.persons, announced.method, effective_on)


def _lines(division: Apportionment, half_year: HalfYear, national_quota_id: int) -> list[Line]:
    return [
        Line(
            municipality_code=code,
            half_year=half_year,
            kind=QuotaKind.QUOTA,
            persons=persons,
            national_quota_id=national_quota_id,
            reason=EXEMPT if code in division.exempt else None,
        )
        for code, persons in sorted(division.quotas.items())
    ]


def divide(connection: Connection, announced: Announcement) -> Apportionment:
    """Return how a national number is divided; raises `Refused` when it cannot be."""
    if announced.method is ApportionMethod.GIVEN:
        return _given(announced)
    known, missing = populations(connection, announced.half_year)
    if missing:
        raise Refused(
            "no_population",
            "Het inwonertal op {on_date} ontbreekt van {count} gemeenten, zoals {names}.",
            "half_year",
            {
                "on_date": announced.half_year.population_date.strftime("%d-%m-%Y"),
                "count": len(missing),
                "names": ", ".join(missing[:NAMED]),
            },
        )
    exempt = announced.exempt
    if exempt is None:
        exempt = _exemptions(connection, announced) & known.keys()
    try:
        return apportion(announced.persons, known, announced.method, exempt)
    except ValueError as error:
        raise Refused(
            "not_divisible",
            "Dit aantal kan niet over de gemeenten worden verdeeld: {reason}.",
            "persons",
            {"reason": str(error)},
        ) from error


def _given(announced: Announcement) -> Apportionment:
    figures = announced.figures or {}
    if not figures or min(figures.values()) < 0:
        raise Refused(
            "no_figures", "Geef voor elke gemeente een aantal van 0 of meer op.", "figures"
        )
    exempt = frozenset(announced.exempt or ())
    return Apportionment(announced.method, announced.persons, dict(figures), exempt, 0)


def populations(connection: Connection, half_year: HalfYear) -> tuple[dict[str, int], list[str]]:
    """Return the inhabitants that divide a half-year's quota by code, and who has none known."""
    day, starts_on = half_year.population_date, half_year.starts_on
    persons = population_on(connection, day)
    began = {
        row[0]: row[1]
        for row in connection.execute(select(Municipality.code, Municipality.valid_from))
    }
    reckoned = inhabitants(persons, heirs(connection, starts_on), began, day)
    rows = connection.execute(
        select(Municipality.code, Municipality.name).where(
            holds_on(Municipality, starts_on),
        )
    ).all()
    known = {code: reckoned[code] for code, _ in rows if code in reckoned}
    return known, sorted(name for code, name in rows if code not in reckoned)


def population_on(connection: Connection, day: date) -> dict[str, int]:
    """Return the inhabitants on a 1 January by municipality, as they were published."""
    rows = connection.execute(
        select(MunicipalityPopulation.municipality_code, MunicipalityPopulation.persons).where(
            MunicipalityPopulation.on_date == day
        )
    )
    return {row[0]: row[1] for row in rows}


def _exemptions(connection: Connection, announced: Announcement) -> frozenset[str]:
    if announced.method is ApportionMethod.STATUTE_CEILING:
        return frozenset()
    day = announced.half_year.starts_on
    return frozenset(
        connection.scalars(
            select(MunicipalityExemption.municipality_code).where(
                holds_on(MunicipalityExemption, day),
            )
        )
    )
