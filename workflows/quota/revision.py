"""A national number that changes inside its half-year: the difference per municipality."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.vocabulary import QuotaKind
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.apportion import Apportionment
from workflows.quota.assignment import (
    EXEMPT,
    Announcement,
    StoredNumber,
    divide,
    last_number,
    store_number,
)
from workflows.quota.ledger import Line, open_ledger, write_lines
from workflows.quota.posted import posted_quota
from workflows.trail import record_audit


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision: the new division and the persons by which each quota changed."""

    division: Apportionment
    changes: dict[str, int]


def revise_quota(
    connection: Connection,
    actor: Actor,
    announced: Announcement,
    effective_on: date,
    moment: Moment,
) -> Revised:
    """Store a new national number and post the difference per municipality; the caller commits.

    The lines carry the day of effect; no line is rewritten. Raises `NotFound` without the right
    and `Refused` when there is nothing to revise, the day does not fit, or nothing changes.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    half_year = announced.half_year
    division = divide(connection, announced)
    concerned = division.quotas.keys() | posted_quota(connection, half_year).keys()
    at = open_ledger(connection, moment, concerned)
    # Asked under the locks, so that two revisions at once follow each other.
    _check(last_number(connection, half_year), announced, effective_on)
    posted = posted_quota(connection, half_year)
    changes = {
        code: division.quotas.get(code, 0) - posted.get(code, 0) for code in sorted(concerned)
    }
    number = store_number(connection, actor, announced, effective_on, at, moment)
    lines = [
        Line(
            municipality_code=code,
            half_year=half_year,
            kind=QuotaKind.QUOTA,
            persons=persons,
            booked_on=effective_on,
            national_quota_id=number.id,
            reason=EXEMPT if code in division.exempt else None,
        )
        for code, persons in changes.items()
        if persons != 0 or code in division.exempt
    ]
    write_lines(connection, actor, lines, at)
    fields = ("half_year", "persons", "method", "source", "effective_on")
    record_audit(
        connection, moment, actor.user_id, "revise_quota", subject=number.reference, fields=fields
    )
    return Revised(division, changes)


def _check(present: StoredNumber | None, announced: Announcement, effective_on: date) -> None:
    half_year = announced.half_year
    if present is None:
        raise Refused(
            "no_quota",
            "Voor {half_year} is nog geen taakstelling vastgesteld.",
            "half_year",
            {"half_year": str(half_year)},
        )
    if not half_year.starts_on <= effective_on <= half_year.ends_on:
        raise Refused(
            "outside_half_year",
            "De ingangsdatum valt niet in {half_year}.",
            "effective_on",
            {"half_year": str(half_year)},
        )
    if effective_on < present.effective_on:
        raise Refused(
            "before_the_last",
            "Het huidige aantal geldt vanaf {day}. Kies die dag of een latere.",
            "effective_on",
            {"day": present.effective_on.strftime("%d-%m-%Y")},
        )
    if (announced.persons, announced.method) == (present.persons, present.method):
        raise Refused(
            "unchanged", "Dit aantal en deze methode gelden al voor dit halfjaar.", "persons"
        )
