"""Keeps the tables that promising links are reckoned from: each row with its source."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Connection, or_
from sqlalchemy.dialects.postgresql import insert

from models import Base, HousingSupply, LabourDemand, LanguageSupport, SpecialistCare
from models.vocabulary import HospitalKind, SupplyKind
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.payload import Line, MunicipalityCode, OptionalDate
from workflows.permissions import Permission
from workflows.trail import record_audit

MOST = 1_000_000
Count = Annotated[int, Field(ge=0, le=MOST)]


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


def _month(value: object) -> object:
    """Read a month as 2017-02 too."""
    year_and_month = 7
    return f"{value}-01" if isinstance(value, str) and len(value) == year_and_month else value


def _first_day(value: date) -> date:
    if value.day != 1:
        raise ValueError("Een maand is haar eerste dag, zoals 2017-02-01.")
    return value


Month = Annotated[date, BeforeValidator(_month), AfterValidator(_first_day)]


class Row(BaseModel):
    """A row of such a table; the fields are the columns of a file that brings it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: ClassVar[type[Base]]

    source: Line

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the columns of the table, those of its key first and the source last."""
        return tuple(column.name for column in cls.table.__table__.columns)

    @classmethod
    def key(cls) -> tuple[str, ...]:
        """Return the columns by which a row is known."""
        return tuple(column.name for column in cls.table.__table__.primary_key)


class DemandRow(Row):
    """Vacancies and job seekers of an occupation group in a labour-market region."""

    table = LabourDemand

    region_number: Annotated[int, Field(ge=1, le=35)]
    occupation_group: Annotated[str, Field(pattern="^[0-9]{2}$")]
    valid_from: date
    vacancies: Count
    seekers: Count


class SupplyRow(Row):
    """Dwellings of a kind that a municipality expects in a month, named by its first day."""

    table = HousingSupply

    municipality_code: MunicipalityCode
    month: Month
    kind: SupplyKind
    units: Annotated[int, Field(ge=0, le=100_000)]


class CareRow(Row):
    """A kind of hospital that stands in a municipality."""

    table = SpecialistCare

    municipality_code: MunicipalityCode
    kind: HospitalKind
    valid_from: date
    valid_until: OptionalDate = None


class LanguageRow(Row):
    """A language in which a municipality has somebody to help."""

    table = LanguageSupport

    municipality_code: MunicipalityCode
    language: Annotated[Line, BeforeValidator(_folded), Field(min_length=2, max_length=60)]
    valid_from: date
    valid_until: OptionalDate = None


def store(connection: Connection, actor: Actor, rows: Sequence[Row], moment: Moment) -> int:
    """Add rows of one table, or change those that it has by their key; the caller commits.

    Returns how many were added or changed: storing the same rows again changes nothing. Raises
    `NotFound` without the right.
    """
    policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    return write_rows(connection, actor.user_id, rows, moment)


def write_rows(
    connection: Connection, actor_id: int | None, rows: Sequence[Row], moment: Moment
) -> int:
    """Add or change rows for who has the right to it already; returns how many."""
    if not rows:
        return 0
    table = Base.metadata.tables[rows[0].table.__tablename__]
    statement = insert(table)
    keys = rows[0].key()
    others = {
        column.name: statement.excluded[column.name]
        for column in table.c
        if column.name not in keys
    }
    different = [table.c[name].is_distinct_from(value) for name, value in others.items()]
    changed = connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_=others, where=or_(*different)
        ).returning(table.c[keys[0]]),
        [row.model_dump() for row in rows],
    ).all()
    if changed:
        record_audit(connection, moment, actor_id, "matching_data_stored", fields=(table.name,))
    return len(changed)
