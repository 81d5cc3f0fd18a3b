"""Aansluiting: who moved in and is not signed off, and what was signed off but is disputed.

Both dates stand beside each other: `housed_on`, when somebody moved in, and `booked_on`, the day
of the sign-off that counts. Lists hold references, no names.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select
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
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.quota.period import HalfYear

MOST = 500


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


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The three lists as an actor may see them."""

    not_signed_off: list[NotSignedOff]
    signed_off: list[SignedOff]
    disputes: list[Disputed]


def reconciliation(connection: Connection, actor: Actor, today: date) -> Reconciliation:
    """Return the lists of the actor's municipality, or of COA's own cases.

    Signed off are those of this half-year. Raises `NotFound` for who is neither.
    """
    policy.demand(actor, Permission.RECONCILE)
    seen = policy.visible(actor, Permission.RECONCILE, today)
    start = HalfYear.of_date(today).starts_on
    return Reconciliation(
        [NotSignedOff(*row) for row in connection.execute(_waiting(seen))],
        [SignedOff(*row) for row in connection.execute(_signed_off(seen, start))],
        [Disputed(*row) for row in connection.execute(_disputes(seen))],
    )


def disputed(connection: Connection, actor: Actor, today: date, reference: str) -> Disputed:
    """Return one dispute that the actor may see; raises `NotFound`."""
    policy.demand(actor, Permission.RECONCILE)
    seen = policy.visible(actor, Permission.RECONCILE, today)
    row = connection.execute(
        _disputes(seen).where(RealisationDispute.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Disputed(*row)


def signed_off(connection: Connection, actor: Actor, today: date, person: str) -> SignedOff:
    """Return the live realisation of a permit holder that the actor may see; raises `NotFound`."""
    policy.demand(actor, Permission.RECONCILE)
    seen = policy.visible(actor, Permission.RECONCILE, today)
    row = connection.execute(
        _signed_off(seen, date.min).where(Person.reference == person)
    ).one_or_none()
    if row is None:
        raise NotFound
    return SignedOff(*row)


def _waiting(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(Case.reference, Person.reference, Municipality.name, Membership.housed_on)
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
        .limit(MOST)
    )


_MOVED = and_(
    Membership.case_id == QuotaEntry.case_id,
    Membership.person_id == QuotaEntry.person_id,
    or_(Membership.left_on.is_(None), Membership.end_reason == "case_closed"),
)


def _signed_off(seen: ColumnElement[bool], start: date) -> Select[*tuple[Any, ...]]:
    contested = (
        select(RealisationDispute.id)
        .where(
            RealisationDispute.entry_id == QuotaEntry.id, RealisationDispute.settled_at.is_(None)
        )
        .exists()
    )
    return (
        select(
            Case.reference,
            Person.reference,
            QuotaEntry.municipality_code,
            Municipality.name,
            Membership.housed_on,
            QuotaEntry.booked_on,
            QuotaEntry.recorded_at,
            contested,
        )
        .join(Realisation, Realisation.entry_id == QuotaEntry.id)
        .join(Person, Person.id == Realisation.person_id)
        .join(Case, Case.id == QuotaEntry.case_id)
        .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
        .outerjoin(Membership, _MOVED)
        .where(QuotaEntry.booked_on >= start, seen)
        .order_by(QuotaEntry.booked_on.desc(), QuotaEntry.id.desc())
        .limit(MOST)
    )


def _disputes(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    row, reversal = RealisationDispute, aliased(QuotaEntry)
    corrected = select(reversal.id).where(reversal.reverses == QuotaEntry.id).exists()
    return (
        select(
            row.reference,
            Case.reference,
            Person.reference,
            QuotaEntry.municipality_code,
            Municipality.name,
            Membership.housed_on,
            QuotaEntry.booked_on,
            row.reason,
            User.name,
            row.raised_at,
            row.settlement,
            row.explanation,
            corrected,
        )
        .join(QuotaEntry, QuotaEntry.id == row.entry_id)
        .join(Person, Person.id == QuotaEntry.person_id)
        .join(Case, Case.id == QuotaEntry.case_id)
        .join(Municipality, Municipality.code == QuotaEntry.municipality_code)
        .join(User, User.id == row.raised_by)
        .outerjoin(Membership, _MOVED)
        .where(seen)
        .order_by(row.settled_at.is_not(None), row.raised_at.desc())
        .limit(MOST)
    )
