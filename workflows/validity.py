"""Rows with validity: they hold from `valid_from` until before `valid_until`; None has no end."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

Day = date | ColumnElement[Any]


def holds_on(row: Any, day: Day) -> ColumnElement[bool]:
    """Return the clause for the rows of a table, or an alias of it, that hold on a day."""
    return and_(row.valid_from <= day, holds_after(row, day))


def holds_after(row: Any, day: Day) -> ColumnElement[bool]:
    """Return the clause for rows that still hold on a day or begin to hold later."""
    return or_(row.valid_until.is_(None), row.valid_until > day)
