"""What is known of a person's education, work and preparation, as an audience may see it."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from models import Preparation, Screening
from workflows.payload import Audience
from workflows.reading.sharing import sees
from workflows.steps.record_preparation import RecordPreparation
from workflows.steps.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningView:
    """The newest screening of a person; what the actor may not see is None."""

    person_id: int
    held_on: date
    absence: str | None
    education_level: str | None
    education_field: str | None
    work_experience: list[dict[str, Any]]
    ambitions: str | None
    dutch_level: str | None
    network: str | None
    prior_region: str | None


def screenings_of(
    connection: Connection, persons: list[int], audience: Audience
) -> dict[int, ScreeningView]:
    """Return the newest screening of each person."""
    names = [field.name for field in fields(ScreeningView)]
    rows = connection.execute(
        select(*[getattr(Screening, name) for name in names])
        .where(Screening.person_id.in_(persons))
        .ext(distinct_on(Screening.person_id))
        .order_by(Screening.person_id, Screening.id.desc())
    ).mappings()
    found = {}
    for row in rows:
        hidden: dict[str, Any] = {
            name: [] if name == "work_experience" else None
            for name in names
            if name in Screen.model_fields
            and name != "held_on"
            and not sees(audience, Screen, name)
        }
        found[row["person_id"]] = replace(ScreeningView(**row), **hidden)
    return found


@dataclass(frozen=True, slots=True)
class ModuleHours:
    """Hours that an adult followed of a module, how it goes and the level reached last."""

    person_id: int
    module: str
    hours: int
    result: str
    level: str | None
    last_on: date


def hides_preparation(audience: Audience) -> bool:
    """Tell whether the preparation is out of sight until the handover is accepted."""
    return not sees(audience, RecordPreparation, "hours")


def preparation_of(
    connection: Connection, persons: list[int], audience: Audience
) -> list[ModuleHours]:
    """Return the preparation of persons added up per module, if the audience may see it."""
    if hides_preparation(audience):
        return []
    rows = connection.execute(
        select(
            Preparation.person_id,
            Preparation.module,
            func.sum(Preparation.hours),
            func.array_agg(
                aggregate_order_by(
                    Preparation.result, Preparation.on_date.desc(), Preparation.id.desc()
                )
            )[1],
            func.max(Preparation.level),
            func.max(Preparation.on_date),
        )
        .where(Preparation.person_id.in_(persons))
        .group_by(Preparation.person_id, Preparation.module)
        .order_by(Preparation.person_id, Preparation.module)
    )
    return [ModuleHours(row[0], row[1], int(row[2]), *row[3:]) for row in rows]
