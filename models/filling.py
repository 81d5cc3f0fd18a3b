"""Lays foreign keys and lesser indexes aside while an empty database is filled.

Checking and indexing row by row takes longer than the rows themselves. Made again at the end, in
one pass each, they hold for every row or the filling fails; keys and unique indexes stay all along.
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, ForeignKeyConstraint, Index, MetaData, Table, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from models.base import Base

# What the steps themselves look up by, besides keys and unique columns.
READ_BY_STEPS = frozenset(
    {
        "ix_access_grant_user_id",
        "ix_household_membership_case_id",
        "ix_household_membership_person_id",
        "ix_preparation_person_id",
        "ix_screening_person_id",
    }
)
_THERE = text(
    """
    SELECT conname FROM pg_constraint WHERE contype = 'f'
    UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
    """
)


def lay_aside(connection: Connection) -> None:
    """Drop foreign keys and lesser indexes, as the owner, in the caller's transaction."""
    there = set(connection.scalars(_THERE))
    for key in _foreign_keys():
        if key.name in there:
            connection.execute(DropConstraint(key))
    for index in _lesser_indexes():
        if index.name in there:
            connection.execute(DropIndex(index))


def complete(connection: Connection) -> None:
    """Make what is missing, as the owner, and gather statistics.

    Raises IntegrityError for a row that refers to nothing.
    """
    there = set(connection.scalars(_THERE))
    for index in _lesser_indexes():
        if index.name not in there:
            connection.execute(CreateIndex(index))
    # With statistics the keys are checked by better plans, and the first pages answer by them.
    connection.execute(text("ANALYZE"))
    for key in _foreign_keys():
        if key.name not in there:
            connection.execute(AddConstraint(key))


@cache
def _tables() -> list[Table]:
    # SQLAlchemy notes on a key that it was dropped or made apart; the models keep out of that.
    copy = MetaData(naming_convention=Base.metadata.naming_convention)
    return [table.to_metadata(copy) for table in Base.metadata.sorted_tables]


def _foreign_keys() -> Iterator[ForeignKeyConstraint]:
    for table in _tables():
        yield from sorted(table.foreign_key_constraints, key=lambda key: str(key.name))


def _lesser_indexes() -> Iterator[Index]:
    for table in _tables():
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            if not index.unique and index.name not in READ_BY_STEPS:
                yield index
