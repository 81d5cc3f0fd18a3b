"""When to try a delivery again, and when to stop trying: pure functions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import DeliveryOutcome

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(hours=72)
# Trying again cannot help: the receiver is not there, or may not hear of it any more.
FINAL = frozenset({DeliveryOutcome.RECIPIENT_REFUSED, DeliveryOutcome.NOT_ALLOWED})


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: twice as long each time."""
    doublings: int = 2 ** min(max(attempts, 1) - 1, 20)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def retry_at(attempts: int, tried_from: datetime, failed_at: datetime) -> datetime | None:
    """Return when to try again after the last of `attempts` failed; None to give up.

    The last attempt is made when the 72 hours are over, so that whoever was away for so long
    still gets it.
    """
    last = tried_from + GIVEN_UP_AFTER
    if failed_at >= last:
        return None
    return min(failed_at + pause(attempts), last)


def next_digest(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """Return the first instant after `now` at which it is `hour` o'clock in the time zone."""
    today = now.astimezone(zone).date()
    moments = (
        datetime.combine(today + timedelta(days=days), time(hour), zone) for days in range(3)
    )
    return next(each for each in moments if each > now)
