"""What the outside hands in to a step: the time, the seal and a source of references."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


def random_reference() -> str:
    """Return a random 80-bit reference of 16 base32 characters."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


@dataclass(frozen=True, slots=True)
class Moment:
    """The business day and how far the program's clock runs from the database's.

    `offset` is zero but in a demo, whose instants lie in the past; `seal` is the secret key of
    the hash over personal values (at most 64 bytes).
    """

    today: date
    offset: timedelta = timedelta()
    seal: bytes = b""
    new_reference: Callable[[], str] = random_reference
