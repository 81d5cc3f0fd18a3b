"""Loads the newest handovers of locked cases; the case's lock guards them too."""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import Connection, bindparam, func, select

from models import Handover
from workflows.handover.record import HandoverRecord
from workflows.statement import Statement

_NAMES = [field.name for field in fields(HandoverRecord)]
_HANDOVERS = Statement(
    select(*[getattr(Handover, name) for name in _NAMES]).where(
        Handover.id == func.any(bindparam("handovers"))
    )
)


def load_handovers(connection: Connection, keys: Collection[int]) -> dict[int, HandoverRecord]:
    """Return handovers by key, without their snapshots."""
    rows = _HANDOVERS.run(connection, {"handovers": sorted(keys)})
    found = (HandoverRecord(**dict(zip(_NAMES, row, strict=True))) for row in rows)
    return {record.id: record for record in found}
