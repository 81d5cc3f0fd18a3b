"""What a municipality went up in, and what went up in it: the way from one name to the other."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from models import Municipality, MunicipalityPredecessor


@dataclass(frozen=True, slots=True)
class Kin:
    """A municipality that took another over, or was taken over, on a date.

    Up to and including the standing of that date, the figures stand under the old name.
    """

    code: str
    name: str
    on_date: date


@dataclass(frozen=True, slots=True)
class Lineage:
    """The municipalities on either side of a merger or a split, by date and name."""

    successors: tuple[Kin, ...] = ()
    predecessors: tuple[Kin, ...] = ()

    def merged(self, valid: date) -> tuple[Kin, ...]:
        """Return the successors under which the figures of a standing stand."""
        return tuple(each for each in self.successors if each.on_date < valid)

    def still_apart(self, valid: date) -> tuple[Kin, ...]:
        """Return the predecessors that have figures of their own in a standing."""
        return tuple(each for each in self.predecessors if each.on_date >= valid)


def lineage(connection: Connection, code: str, known: datetime | None = None) -> Lineage:
    """Return the lineage of a municipality, as far as it was recorded by an instant."""
    new, old = MunicipalityPredecessor.successor_code, MunicipalityPredecessor.predecessor_code
    return Lineage(
        successors=_kin(connection, new == Municipality.code, old == code, known),
        predecessors=_kin(connection, old == Municipality.code, new == code, known),
    )


def _kin(
    connection: Connection,
    other: ColumnElement[bool],
    own: ColumnElement[bool],
    known: datetime | None,
) -> tuple[Kin, ...]:
    row = MunicipalityPredecessor
    statement = (
        select(Municipality.code, Municipality.name, row.on_date)
        .join(row, other)
        .where(own)
        .order_by(row.on_date, Municipality.name)
    )
    if known is not None:
        statement = statement.where(or_(row.recorded_at.is_(None), row.recorded_at <= known))
    return tuple(Kin(*found) for found in connection.execute(statement))
