"""A file that a user sent, as the steps see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that waits to become a document."""

    id: int
    media_type: str
    size: int
    sha256: bytes
    sent_by: int
