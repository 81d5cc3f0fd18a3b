"""The two dates of a standing as an address gives them: valid ("datum") and known ("bekend")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from webapp.auth import settings
from webapp.clock import moment

EARLIEST = date(2000, 1, 1)
LATEST_YEAR = 2200
A_DAY = timedelta(days=1)
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Dates:
    """What was booked before `valid` and known at the end of `known_on` (None: all that is known).

    `instant` is that of a publication, which ends its day sooner; `misread` names the fields of
    the address that hold no usable date.
    """

    valid: date
    known_on: date | None
    zone: ZoneInfo
    today: date
    misread: tuple[str, ...] = ()
    instant: datetime | None = None

    @property
    def known(self) -> datetime | None:
        """The last instant that counts: that of a publication, or the end of the known day."""
        if self.instant is not None:
            return self.instant
        return None if self.known_on is None else end_of_day(self.known_on, self.zone)

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.valid - A_DAY

    @property
    def arguments(self) -> dict[str, Any]:
        """The dates as an address gives them again."""
        given = {"datum": self.valid.isoformat()}
        known = self.instant or self.known_on
        return given if known is None else given | {"bekend": known.isoformat()}


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last instant of a day."""
    return datetime.combine(day + A_DAY, time(), zone) - timedelta(microseconds=1)


def read_dates(given: Mapping[str, str], today: date, zone: ZoneInfo) -> Dates:
    """Return the dates of an address; without any, everything up to today."""
    misread = []
    instant = _instant(given.get("bekend", "").strip())
    found: dict[str, date | None] = {"datum": None}
    found["bekend"] = None if instant is None else instant.astimezone(zone).date()
    for name in [name for name, known in found.items() if known is None]:
        text = given.get(name, "").strip()
        try:
            found[name] = _day(text, today) if text else None
        except ValueError:
            misread.append(name)
    valid = found["datum"] or today + A_DAY
    return Dates(valid, found["bekend"], zone, today, tuple(misread), instant)


def _instant(text: str) -> datetime | None:
    """Return the instant of an address that names one, with its time zone; None for a day."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    usable = found.tzinfo is not None and EARLIEST.year <= found.year <= LATEST_YEAR
    return found if usable else None


def _day(text: str, today: date) -> date:
    day = date.fromisoformat(text)
    if not EARLIEST <= day <= today + AHEAD:
        raise ValueError(text)
    return day


def asked_dates() -> Dates:
    """Return the dates of the present request's address."""
    return read_dates(request.args, moment().today, ZoneInfo(settings().timezone))


def known_words(dates: Dates) -> str:
    """Return the known day for a file, or "all"."""
    if dates.instant is not None:
        return f"{dates.instant.astimezone(dates.zone):%Y-%m-%dT%H%M%S}"
    return dates.known_on.isoformat() if dates.known_on else "all"


def file_name(what: str, dates: Dates) -> str:
    """Return a file's name that states both dates."""
    return f"{what}-geldig-{dates.valid.isoformat()}-bekend-{known_words(dates)}"
