"""What cannot be held against a municipality: COA linked fewer persons than its quota asks for.

On 1 April and 1 October: max(0, F - G - open reservations), in persons.
"""

from datetime import date

from sqlalchemy import Connection, insert, text

from models import Excusability
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.period import HalfYear
from workflows.quota.posted import heirs, inherited
from workflows.quota.table import Level, standing
from workflows.territory import territory
from workflows.trail import now, record_audit

# What was reserved before the day and, as far as known, not released before it.
_RESERVED = text(
    """
    SELECT municipality_code, sum(persons) FROM quota_entry
     WHERE kind IN ('reserved', 'released') AND booked_on < :valid AND recorded_at <= :known
     GROUP BY 1
    """
)


def reckoning_day(half_year: HalfYear) -> date:
    """Return the day on which a half-year is looked at: 1 April or 1 October."""
    return date(half_year.year, 4 if half_year.half == 1 else 10, 1)


def reckon(connection: Connection, actor: Actor, half_year: HalfYear, moment: Moment) -> int:
    """Store the figure of every municipality of the actor's provinces, and return how many.

    Raises `NotFound` without the right and `Refused` before the test day.
    """
    own = territory(actor, Permission.SUPERVISE)
    valid = reckoning_day(half_year)
    if moment.today < valid:
        raise Refused(
            "not_due",
            "Verwijtbaarheid in {half_year} is pas op {day} te berekenen.",
            "half_year",
            {"half_year": str(half_year), "day": valid.strftime("%d-%m-%Y")},
        )
    known = now(connection, moment)
    sums = connection.execute(_RESERVED, {"valid": valid, "known": known})
    reserved = inherited({row[0]: int(row[1]) for row in sums}, heirs(connection, valid))
    codes = own.codes(connection)
    rows = [
        {
            "municipality_code": row.code,
            "on_date": valid,
            "known": known,
            "corrected_quota": row.corrected_quota,
            "realised": row.realised,
            "open_reservations": reserved.get(row.code, 0),
            "shortfall": max(0, row.corrected_quota - row.realised - reserved.get(row.code, 0)),
            "computed_by": actor.user_id,
        }
        for row in standing(connection, valid, known, Level.MUNICIPALITY)
        if row.code in codes
    ]
    connection.execute(insert(Excusability), rows)
    record_audit(connection, moment, actor.user_id, "reckon_excusability", subject=str(half_year))
    return len(rows)
