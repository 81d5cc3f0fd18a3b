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
A_DAY = timedelta(days=1)
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Dates:
    """What was booked before `valid` and known at the end of `known_on` (None: all that is known).

    `misread` names the fields of the address that hold no usable date.
    """

    valid: date
    known_on: date | None
    zone: ZoneInfo
    today: date
    misread: tuple[str, ...] = ()

    @property
    def known(self) -> datetime | None:
        """The last instant of the known day."""
        return None if self.known_on is None else end_of_day(self.known_on, self.zone)

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.valid - A_DAY

    @property
    def arguments(self) -> dict[str, Any]:
        """The dates as an address gives them again."""
        given = {"datum": self.valid.isoformat()}
        return given if self.known_on is None else given | {"bekend": self.known_on.isoformat()}


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last instant of a day."""
    return datetime.combine(day + A_DAY, time(), zone) - timedelta(microseconds=1)


def read_dates(given: Mapping[str, str], today: date, zone: ZoneInfo) -> Dates:
    """Return the dates of an address; without any, everything up to today."""
    misread = []
    found: dict[str, date | None] = {"datum": None, "bekend": None}
    for name in found:
        text = given.get(name, "").strip()
        try:
            found[name] = _day(text, today) if text else None
        except ValueError:
            misread.append(name)
    return Dates(found["datum"] or today + A_DAY, found["bekend"], zone, today, tuple(misread))


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
    return dates.known_on.isoformat() if dates.known_on else "all"


def file_name(what: str, dates: Dates) -> str:
    """Return a file's name that states both dates."""
    return f"{what}-geldig-{dates.valid.isoformat()}-bekend-{known_words(dates)}"
