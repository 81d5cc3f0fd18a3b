"""Who stands in for whom: arranged with dates, read at every request, never copied onto cases."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.orm import aliased

from models import Grant, Organisation, Substitution, User
from models.vocabulary import Role
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.held_grants import STANDING_IN
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.trail import now, record_audit
from workflows.validity import holds_on

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A substitution as asked for: users and organisation by reference, the last day included."""

    absent: str
    substitute: str
    organisation: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Arranged:
    """A substitution that runs or is to come; `ends_on` is its last day."""

    reference: str
    absent: str
    substitute: str
    organisation: str
    starts_on: date
    ends_on: date
    may_end: bool


def arrange(connection: Connection, actor: Actor, wanted: Wanted, moment: Moment) -> str:
    """Let a colleague stand in for another, and return the reference of that.

    Somebody arranges it for oneself, a coordinator for the organisation, an administrator for
    all. Raises `NotFound`, or `Refused` beside the field.
    """
    organisation = connection.scalar(
        select(Organisation.id).where(Organisation.reference == wanted.organisation)
    )
    if organisation is None:
        raise Refused("organisation", "Kies een organisatie.", "organisation")
    absent = _works_at(connection, wanted.absent, organisation, moment.today, "absent")
    substitute = _works_at(connection, wanted.substitute, organisation, moment.today, "substitute")
    if not _may_arrange(actor, absent, organisation):
        raise NotFound
    if absent == substitute:
        raise Refused("same", "Iemand kan zichzelf niet vervangen.", "substitute")
    if wanted.starts_on < moment.today:
        raise Refused("past", "Kies een datum vanaf vandaag.", "starts_on")
    if wanted.ends_on < wanted.starts_on:
        raise Refused("order", "De laatste dag ligt voor de eerste.", "ends_on")
    if wanted.ends_on - wanted.starts_on > LONGEST:
        raise Refused("long", "Een vervanging duurt ten hoogste een jaar.", "ends_on")
    reference = moment.new_reference()
    connection.execute(
        insert(Substitution).values(
            reference=reference,
            absent_id=absent,
            substitute_id=substitute,
            organisation_id=organisation,
            valid_from=wanted.starts_on,
            valid_until=wanted.ends_on + timedelta(days=1),
            recorded_by=actor.user_id,
            recorded_at=now(connection, moment),
        )
    )
    fields = (wanted.absent, wanted.substitute)
    record_audit(
        connection, moment, actor.user_id, "substitute_arranged", subject=reference, fields=fields
    )
    return reference


def end(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """End a substitution at once; doing it twice is doing it once. Raises `NotFound`."""
    row = connection.execute(
        select(Substitution.absent_id, Substitution.organisation_id, Substitution.ended_at)
        .where(Substitution.reference == reference)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None or not _may_arrange(actor, row[0], row[1]):
        raise NotFound
    if row[2] is None:
        connection.execute(
            update(Substitution)
            .where(Substitution.reference == reference)
            .values(ended_at=now(connection, moment))
        )
        record_audit(connection, moment, actor.user_id, "substitute_ended", subject=reference)


def arranged(connection: Connection, actor: Actor, today: date) -> list[Arranged]:
    """Return what runs or is to come for the actor, or for whom the actor may arrange it.

    Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.ARRANGE_SUBSTITUTE)
    absent, substitute = aliased(User), aliased(User)
    own = [g.organisation_id for g in actor.grants if g.role is Role.COORDINATOR]
    clauses = [
        Substitution.absent_id == actor.user_id,
        Substitution.substitute_id == actor.user_id,
        Substitution.organisation_id.in_(own),
    ]
    if Role.ADMINISTRATOR in actor.roles:
        clauses.append(Substitution.id > 0)
    rows = connection.execute(
        select(
            Substitution.reference,
            absent.name,
            substitute.name,
            Organisation.name,
            Substitution.valid_from,
            Substitution.valid_until,
            Substitution.absent_id,
            Substitution.organisation_id,
        )
        .join(absent, absent.id == Substitution.absent_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .join(Organisation, Organisation.id == Substitution.organisation_id)
        .where(or_(*clauses), Substitution.ended_at.is_(None), Substitution.valid_until > today)
        .order_by(Substitution.valid_from, Substitution.id)
    )
    return [
        Arranged(
            *row[:5],
            row[5] - timedelta(days=1),
            _may_arrange(actor, row.absent_id, row.organisation_id),
        )
        for row in rows
    ]


def _may_arrange(actor: Actor, absent: int, organisation: int) -> bool:
    coordinates = any(
        grant.role is Role.COORDINATOR
        and grant.organisation_id == organisation
        and grant.absent_id is None
        for grant in actor.grants
    )
    return coordinates or actor.user_id == absent or Role.ADMINISTRATOR in actor.roles


def _works_at(
    connection: Connection, reference: str, organisation: int, today: date, field: str
) -> int:
    found = connection.scalar(
        select(User.id)
        .join(Grant, Grant.user_id == User.id)
        .where(
            User.reference == reference,
            User.active,
            Grant.organisation_id == organisation,
            Grant.role.in_(STANDING_IN),
            holds_on(Grant, today),
        )
        .limit(1)
    )
    if found is None:
        raise Refused("not_a_colleague", "Deze collega werkt niet bij deze organisatie.", field)
    return int(found)
