"""Aansluiting: who moved in and is not signed off, and what was signed off but is disputed.

Both dates stand beside each other: `housed_on`, when somebody moved in, and `booked_on`, the day
of the sign-off that counts. Lists hold references, no names. Count, page and export of a list are
one statement under one access rule.
"""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, select

from models import Person, RealisationDispute
from workflows import policy
from workflows.actor import Actor
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.quota.period import HalfYear
from workflows.reading.reconciliation_query import (
    Disputed,
    NotSignedOff,
    SignedOff,
    counted,
    disputes,
    waiting,
)

PAGE = 100
_AT_ONCE = 1_000


class Listed(StrEnum):
    """The lists: still to be signed off, disputed, signed off this half-year, disputes settled."""

    NOT_SIGNED_OFF = "not_signed_off"
    DISPUTED = "disputed"
    SIGNED_OFF = "signed_off"
    SETTLED = "settled"


Row = NotSignedOff | SignedOff | Disputed


class Reconciliation:
    """The lists of the actor's municipality, or of COA's own cases, on a day.

    Raises `NotFound` for who is neither.
    """

    def __init__(self, connection: Connection, actor: Actor, today: date) -> None:
        policy.demand(actor, Permission.RECONCILE)
        self._connection = connection
        self._seen = policy.visible(actor, Permission.RECONCILE, today)
        self._start = HalfYear.of_date(today).starts_on

    def count(self, listed: Listed) -> int:
        """Return how many rows a list has."""
        rows = self._statement(listed).order_by(None).subquery()
        return self._connection.scalar(select(func.count()).select_from(rows)) or 0

    def page(self, listed: Listed, number: int, size: int = PAGE) -> list[Row]:
        """Return a page of a list; the first has number 1."""
        statement = self._statement(listed).offset((number - 1) * size).limit(size)
        return [_KINDS[listed](*row) for row in self._connection.execute(statement)]

    def everything(self, listed: Listed) -> Iterator[Row]:
        """Yield all rows of a list."""
        found = self._connection.execute(
            self._statement(listed), execution_options={"yield_per": _AT_ONCE}
        )
        return (_KINDS[listed](*row) for row in found)

    def _statement(self, listed: Listed) -> Select[*tuple[Any, ...]]:
        settled = RealisationDispute.settled_at
        match listed:
            case Listed.NOT_SIGNED_OFF:
                return waiting(self._seen)
            case Listed.SIGNED_OFF:
                return counted(self._seen, self._start)
            case Listed.DISPUTED:
                return disputes(self._seen).where(settled.is_(None))
            case Listed.SETTLED:
                return disputes(self._seen).where(settled.is_not(None))


_KINDS: dict[Listed, Callable[..., Row]] = {
    Listed.NOT_SIGNED_OFF: NotSignedOff,
    Listed.DISPUTED: Disputed,
    Listed.SIGNED_OFF: SignedOff,
    Listed.SETTLED: Disputed,
}


def disputed(connection: Connection, actor: Actor, today: date, reference: str) -> Disputed:
    """Return one dispute that the actor may see; raises `NotFound`."""
    policy.demand(actor, Permission.RECONCILE)
    seen = policy.visible(actor, Permission.RECONCILE, today)
    row = one_row(connection, disputes(seen).where(RealisationDispute.reference == reference))
    return Disputed(*row)


def signed_off(connection: Connection, actor: Actor, today: date, person: str) -> SignedOff:
    """Return the live realisation of a permit holder that the actor may see; raises `NotFound`."""
    policy.demand(actor, Permission.RECONCILE)
    seen = policy.visible(actor, Permission.RECONCILE, today)
    row = one_row(connection, counted(seen, date.min).where(Person.reference == person))
    return SignedOff(*row)
