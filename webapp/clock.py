"""The program's time: the business day of the time zone, or the fixed day of a demo."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Engine

from config.settings import Settings
from workflows.moment import Moment
from workflows.reading.facts import program_facts


@dataclass(frozen=True, slots=True)
class Frozen:
    """The day and offset of a demo; `day` is None in an installation with real time."""

    day: date | None
    offset: timedelta


class Clock:
    """Hands out moments; the facts of an installation are read once per process."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._zone = ZoneInfo(settings.timezone)
        self._seal = settings.sealing_key()
        self._frozen: Frozen | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the people are made up and the day stands still."""
        return self._facts().day is not None

    def moment(self) -> Moment:
        """Return the moment of this request."""
        frozen = self._facts()
        today = frozen.day or datetime.now(self._zone).date()
        return Moment(today, offset=frozen.offset, seal=self._seal)

    def _facts(self) -> Frozen:
        if self._frozen is None:
            with self._engine.connect() as connection:
                facts = program_facts(connection)
            day = facts.get("demo_today")
            self._frozen = Frozen(
                None if day is None else date.fromisoformat(day),
                timedelta(seconds=float(facts.get("clock_offset_seconds", 0))),
            )
        return self._frozen


def clock() -> Clock:
    """Return the clock of the running application."""
    found: Clock = current_app.extensions["clock"]
    return found


def moment() -> Moment:
    """Return the moment of this request."""
    return clock().moment()
