"""Moments on days gone by, with references that a seed makes the same in every build."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from workflows.moment import Moment

ZONE = ZoneInfo("Europe/Amsterdam")
OFFICE_OPENS = time(8, 30)
BETWEEN_ROUNDS = timedelta(minutes=50)


class References:
    """References that a seed makes the same in every build."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - must be the same each time

    def __call__(self) -> str:
        """Return the next reference."""
        return base64.b32encode(self._random.randbytes(10)).decode("ascii").lower()


@dataclass(frozen=True, slots=True)
class Past:
    """Moments on days gone by: each round of a day has its hour."""

    seal: bytes
    references: References

    def on(self, day: date, number: int = 0) -> Moment:
        """Return the moment of a round of a day."""
        opens = datetime.combine(day, OFFICE_OPENS, ZONE) + number * BETWEEN_ROUNDS
        return Moment(day, opens - datetime.now(UTC), self.seal, self.references)
