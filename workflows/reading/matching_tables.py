"""The tables that promising links are reckoned from, page by page, each row with its source."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from models import Base, LabourMarketRegion, Municipality
from workflows import policy
from workflows.actor import Actor
from workflows.matching.data import Row
from workflows.permissions import Permission

PAGE = 50


@dataclass(frozen=True, slots=True)
class TablePage:
    """Rows of a table from a place on: by column, with the name of their municipality or region."""

    total: int
    rows: list[dict[str, Any]]


def table_page(connection: Connection, actor: Actor, kind: type[Row], start: int) -> TablePage:
    """Return a page of a table, by its key; raises `NotFound` without the right."""
    policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    table = Base.metadata.tables[kind.table.__tablename__]
    by_region = "region_number" in table.c
    named: Any = LabourMarketRegion if by_region else Municipality
    joined = (
        LabourMarketRegion.number == table.c.region_number
        if by_region
        else Municipality.code == table.c.municipality_code
    )
    total = connection.scalar(select(func.count()).select_from(table)) or 0
    found = connection.execute(
        select(table, named.name.label("place"))
        .join(named, joined)
        .order_by(named.name, *[table.c[name] for name in kind.key()])
        .offset(start)
        .limit(PAGE)
    )
    return TablePage(total, [dict(row) for row in found.mappings()])
