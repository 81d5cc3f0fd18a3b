"""Keeps the tables that promising links are reckoned from: each row with its source."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Connection
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


def _first_day(value: object) -> object:
    """Read a month as 2017-02 too."""
    year_and_month = 7
    return f"{value}-01" if isinstance(value, str) and len(value) == year_and_month else value


class Row(BaseModel):
    """A row of such a table; the fields are the columns of a file that brings it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: ClassVar[type[Base]]

    source: Line


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
    month: Annotated[date, BeforeValidator(_first_day)]
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


def store(connection: Connection, actor: Actor, rows: Sequence[Row], moment: Moment) -> None:
    """Add rows of one table, or change those that it has by their key; the caller commits.

    Storing the same rows again changes nothing. Raises `NotFound` without the right.
    """
    policy.demand(actor, Permission.KEEP_MATCHING_DATA)
    if not rows:
        return
    table = Base.metadata.tables[rows[0].table.__tablename__]
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    others = {
        column.name: statement.excluded[column.name]
        for column in table.c
        if column.name not in keys
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others),
        [row.model_dump() for row in rows],
    )
    record_audit(connection, moment, actor.user_id, "matching_data_stored", fields=(table.name,))
