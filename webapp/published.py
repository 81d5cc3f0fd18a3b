"""Reads the day of a publication: which instant of it was, or will be, published."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from webapp.standing_dates import end_of_day
from workflows.moment import Moment
from workflows.quota.publication import published_on
from workflows.trail import now


def known_until(known: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant up to which lines are known; a bare day lasts until its end."""
    if known.tzinfo is not None:
        return known
    if known.time() != time():
        return known.replace(tzinfo=zone)
    return end_of_day(known.date(), zone)


def published_instant(
    connection: Connection, valid: date, known: datetime | None, zone: ZoneInfo, moment: Moment
) -> datetime | None:
    """Return the instant that is meant by a day: that of its last publication, or its end.

    A day that is not over ends now; None without one.
    """
    if known is None:
        return None
    until = known_until(known, zone)
    if known.tzinfo is not None or known.time() != time():
        return until
    start = datetime.combine(known.date(), time(), zone)
    published = published_on(connection, valid, start, until)
    present = now(connection, moment)
    if published is not None:
        return published
    return None if start <= present < until else until
