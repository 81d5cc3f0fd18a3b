"""The mergers of municipalities that were recorded, for the quota officer."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from models import Municipality, MunicipalityPredecessor
from workflows import policy
from workflows.actor import Actor
from workflows.permissions import Permission


@dataclass(frozen=True, slots=True)
class MergerView:
    """A municipality that merged into another; `recorded_at` None: known from the start."""

    predecessor: str
    predecessor_name: str
    successor: str
    successor_name: str
    on_date: date
    recorded_at: datetime | None


def mergers(connection: Connection, actor: Actor) -> list[MergerView]:
    """Return all mergers, the newest first; raises `NotFound` without the right."""
    policy.demand(actor, Permission.MERGE_MUNICIPALITIES)
    row, old, new = MunicipalityPredecessor, aliased(Municipality), aliased(Municipality)
    found = connection.execute(
        select(old.code, old.name, new.code, new.name, row.on_date, row.recorded_at)
        .join(old, old.code == row.predecessor_code)
        .join(new, new.code == row.successor_code)
        .order_by(row.on_date.desc(), new.name, old.name)
    )
    return [MergerView(*each) for each in found]
