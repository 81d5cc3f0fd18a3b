"""Municipalities without quota because of a central reception task: dated rows."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, update

from models import Municipality, MunicipalityExemption
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, MunicipalityCode, OptionalDate, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.quota.ledger import open_ledger
from workflows.trail import record_audit
from workflows.validity import holds_after, holds_on


class Exemption(Payload):
    """Which municipality is exempt, from when until before when, and why."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)
    valid_from: date = entry("Vanaf", Widget.DATE)
    valid_until: OptionalDate = entry(
        "Tot", Widget.DATE, default=None, help_text="De eerste dag zonder vrijstelling."
    )
    reason: Line = entry("Reden", Widget.TEXT, personal=True)


class ExemptionEnd(Payload):
    """The first day on which an exemption holds no more."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.HIDDEN)
    valid_from: date = entry("Vanaf", Widget.HIDDEN)
    valid_until: date = entry("Tot", Widget.DATE)


@dataclass(frozen=True, slots=True)
class HeldExemption:
    """An exemption as it is kept."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None
    reason: str


def exemptions(connection: Connection, actor: Actor) -> list[HeldExemption]:
    """Return every exemption there is or was, by name; raises `NotFound` without the right."""
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    row = MunicipalityExemption
    found = connection.execute(
        select(
            row.municipality_code, Municipality.name, row.valid_from, row.valid_until, row.reason
        )
        .join(Municipality, Municipality.code == row.municipality_code)
        .order_by(Municipality.name, row.valid_from)
    )
    return [HeldExemption(*each) for each in found]


def exempt(connection: Connection, actor: Actor, payload: Exemption, moment: Moment) -> None:
    """Exempt a municipality for some time; quotas that were assigned stay as they are.

    Raises `NotFound` without the right and `Refused` for an unknown municipality, for days that
    run backwards, or for days on which it is exempt already.
    """
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    _in_order(payload.valid_from, payload.valid_until)
    open_ledger(connection, moment, {payload.municipality})
    if is_exempt(connection, payload.municipality, payload.valid_from, payload.valid_until):
        raise Refused(
            "exempt_already",
            "Deze gemeente is dan al vrijgesteld. Beëindig die eerst.",
            "valid_from",
        )
    connection.execute(
        insert(MunicipalityExemption).values(
            municipality_code=payload.municipality,
            valid_from=payload.valid_from,
            valid_until=payload.valid_until,
            reason=payload.reason,
        )
    )
    fields = ("valid_from", "valid_until", "reason")
    record_audit(
        connection, moment, actor.user_id, "exempt", subject=payload.municipality, fields=fields
    )


def end_exemption(
    connection: Connection, actor: Actor, payload: ExemptionEnd, moment: Moment
) -> None:
    """Say when an exemption ends; raises `NotFound` or `Refused`."""
    policy.demand(actor, Permission.ASSIGN_QUOTA)
    _in_order(payload.valid_from, payload.valid_until)
    open_ledger(connection, moment, {payload.municipality})
    row = MunicipalityExemption
    ended = connection.execute(
        update(row)
        .where(
            row.municipality_code == payload.municipality,
            row.valid_from == payload.valid_from,
            holds_after(row, payload.valid_until),
        )
        .values(valid_until=payload.valid_until)
    )
    if ended.rowcount != 1:
        raise Refused("ended", "Deze vrijstelling bestaat niet of is al eerder beëindigd.")
    record_audit(
        connection,
        moment,
        actor.user_id,
        "end_exemption",
        subject=payload.municipality,
        fields=("valid_until",),
    )


def is_exempt(connection: Connection, code: str, start: date, end: date | None) -> bool:
    """Tell whether a municipality is exempt on a day from `start` until before `end`."""
    row = MunicipalityExemption
    overlaps = [
        row.municipality_code == code,
        holds_after(row, start),
    ]
    if end is not None:
        overlaps.append(row.valid_from < end)
    return connection.scalar(select(row.valid_from).where(*overlaps).limit(1)) is not None


def exempt_on(connection: Connection, code: str, day: date) -> bool:
    """Tell whether a municipality is exempt on a day."""
    row = MunicipalityExemption
    return (
        connection.scalar(
            select(row.valid_from).where(
                row.municipality_code == code,
                holds_on(row, day),
            )
        )
        is not None
    )


def _in_order(start: date, end: date | None) -> None:
    if end is not None and end <= start:
        raise Refused("backwards", "De einddatum ligt niet na de begindatum.", "valid_until")
