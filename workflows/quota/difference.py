"""What `verify` reports: one difference between what is stored and what it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference: its kind, its subject by code or reference, what should be and what is.

    It never holds personal values.
    """

    kind: str
    subject: str
    expected: str
    found: str


def differences(
    connection: Connection, kind: str, statement: str, **parameters: Any
) -> Iterator[Difference]:
    """Yield the rows (subject, expected, found) of a statement as differences of one kind."""
    for subject, expected, found in connection.execute(text(statement), parameters):
        yield Difference(kind, subject, str(expected), str(found))
