"""When a province proposes which step of the ladder: criteria that hold from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, update

from models import LadderCriterion
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.payload import Line, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.territory import territory
from workflows.trail import record_audit
from workflows.validity import holds_after

LAST_STEP = 6


class NewCriterion(Payload):
    """A criterion for one step, from a day on."""

    step: int = entry("Trede", Widget.NUMBER, help_text="1 tot en met 6.", ge=1, le=LAST_STEP)
    valid_from: date = entry("Vanaf", Widget.DATE)
    backlog_from: int = entry("Achterstand vanaf", Widget.NUMBER, ge=1, le=100_000)
    missed_in_a_row: int = entry("Halfjaren op rij gemist", Widget.NUMBER, ge=1, le=20)
    registration_lag_days: int = entry(
        "Dagen registratievertraging",
        Widget.NUMBER,
        help_text="Zo veel dagen na het halfjaar wordt getoetst.",
        ge=0,
        le=365,
    )
    source: Line = entry("Bron", Widget.TEXT, personal=True)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as it is kept."""

    province: str
    step: int
    valid_from: date
    valid_until: date | None
    backlog_from: int
    missed_in_a_row: int
    registration_lag_days: int
    source: str

    def met_by(self, backlog: int, missed: int) -> bool:
        """Tell whether a backlog in persons after so many missed half-years meets it."""
        return backlog >= self.backlog_from and missed >= self.missed_in_a_row


def criteria(connection: Connection, actor: Actor) -> list[Criterion]:
    """Return the criteria of the actor's provinces, past ones too; raises `NotFound`."""
    row = LadderCriterion
    provinces = territory(actor, Permission.SUPERVISE).provinces
    rows = connection.execute(
        select(
            row.province_code,
            row.step,
            row.valid_from,
            row.valid_until,
            row.backlog_from,
            row.missed_in_a_row,
            row.registration_lag_days,
            row.source,
        )
        .where(row.province_code.in_(sorted(provinces)))
        .order_by(row.province_code, row.step, row.valid_from.desc())
    )
    return [Criterion(*each) for each in rows]


def in_force(found: Iterable[Criterion], province: str, day: date) -> list[Criterion]:
    """Return the criteria of a province that hold on a day, by step."""
    return [
        each
        for each in found
        if each.province == province
        and each.valid_from <= day
        and (each.valid_until is None or day < each.valid_until)
    ]


def set_criterion(
    connection: Connection, actor: Actor, payload: NewCriterion, moment: Moment
) -> None:
    """Let a criterion hold for the actor's provinces from a day on; the one before ends then.

    Raises `NotFound` without the right and `Refused` when a later or the same day is set already.
    """
    row = LadderCriterion
    for province in sorted(territory(actor, Permission.SUPERVISE).provinces):
        same = (row.province_code == province, row.step == payload.step)
        later = connection.scalar(
            select(row.valid_from).where(*same, row.valid_from >= payload.valid_from).limit(1)
        )
        if later is not None:
            raise Refused(
                "later", "Er geldt al een criterium vanaf die dag of later.", "valid_from"
            )
        connection.execute(
            update(row)
            .where(*same, holds_after(row, payload.valid_from))
            .values(valid_until=payload.valid_from)
        )
        connection.execute(insert(row).values(province_code=province, **payload.model_dump()))
    fields = tuple(sorted(NewCriterion.model_fields))
    record_audit(connection, moment, actor.user_id, "set_criterion", fields=fields)
