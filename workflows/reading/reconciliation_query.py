"""The rows of Aansluiting and the statements that find them, under the clause of the policy."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

from models import (
    Case,
    Membership,
    Municipality,
    Person,
    QuotaEntry,
    Realisation,
    RealisationDispute,
    User,
)
from models.vocabulary import LIVE_STATES
from workflows.membership import belongs


@dataclass(frozen=True, slots=True)
class NotSignedOff:
    """Somebody who moved in and does not count yet."""

    case: str
    person: str
    municipality: str
    housed_on: date


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Somebody who counts, with the date of moving in; None when that was not recorded here."""

    case: str
    person: str
    municipality_code: str
    municipality: str
    housed_on: date | None
    booked_on: date
    recorded_at: datetime
    disputed: bool


@dataclass(frozen=True, slots=True)
class Disputed:
    """A realisation that a municipality does not recognise, or did not."""

    reference: str
    case: str
    person: str
    municipality_code: str
    municipality: str
    housed_on: date | None
    booked_on: date
    reason: str
    raised_by: str
    raised_at: datetime
    settlement: str | None
    explanation: str | None
    corrected: bool


def waiting(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return who moved in and is not signed off, whoever waits longest first."""
    return (
        select(
            Case.reference,
            Person.reference.label("person"),
            Municipality.name,
            Membership.housed_on,
        )
        .join(Membership, Membership.case_id == Case.id)
        .join(Person, Person.id == Membership.person_id)
        .join(Municipality, Municipality.code == Case.municipality_code)
        .outerjoin(Realisation, Realisation.person_id == Person.id)
        .where(
            Case.state.in_(LIVE_STATES),
            Membership.left_on.is_(None),
            Membership.housed_on.is_not(None),
            Realisation.person_id.is_(None),
            seen,
        )
        .order_by(Membership.housed_on, Membership.id)
    )


_Columns = TypeVarTuple("_Columns")
_MOVED = and_(
    Membership.case_id == QuotaEntry.case_id,
    Membership.person_id == QuotaEntry.person_id,
    belongs(),
)


def _with_person(lines: Select[*_Columns]) -> Select[*_Columns]:
    """Join to lines of persons who each is, of which case, and when that person moved in where."""
    return (
        lines.join(Person, Person.id == QuotaEntry.person_id)
        .join(Case, Case.id == QuotaEntry.case_id)
        .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
        .outerjoin(Membership, _MOVED)
    )


def counted(seen: ColumnElement[bool], start: date) -> Select[*tuple[Any, ...]]:
    """Return the live realisations booked from a day on, the newest first."""
    contested = (
        select(RealisationDispute.id)
        .where(
            RealisationDispute.entry_id == QuotaEntry.id, RealisationDispute.settled_at.is_(None)
        )
        .exists()
    )
    lines = (
        select(
            Case.reference,
            Person.reference.label("person"),
            QuotaEntry.municipality_code,
            Municipality.name,
            Membership.housed_on,
            QuotaEntry.booked_on,
            QuotaEntry.recorded_at,
            contested.label("disputed"),
        )
        .select_from(QuotaEntry)
        .join(Realisation, Realisation.entry_id == QuotaEntry.id)
    )
    return (
        _with_person(lines)
        .where(QuotaEntry.booked_on >= start, seen)
        .order_by(QuotaEntry.booked_on.desc(), QuotaEntry.id.desc())
    )


def disputes(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return disputes, settled and not, the newest first."""
    row, reversal = RealisationDispute, aliased(QuotaEntry)
    corrected = select(reversal.id).where(reversal.reverses == QuotaEntry.id).exists()
    lines = (
        select(
            row.reference,
            Case.reference.label("case"),
            Person.reference.label("person"),
            QuotaEntry.municipality_code,
            Municipality.name,
            Membership.housed_on,
            QuotaEntry.booked_on,
            row.reason,
            User.name.label("raised_by"),
            row.raised_at,
            row.settlement,
            row.explanation,
            corrected.label("corrected"),
        )
        .select_from(row)
        .join(QuotaEntry, QuotaEntry.id == row.entry_id)
        .join(User, User.id == row.raised_by)
    )
    return (
        _with_person(lines)
        .where(seen)
        .order_by(row.settled_at.desc(), row.raised_at.desc(), row.id)
    )
