"""Reads what scores are reckoned from, as it holds on a day."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from models import LabourDemand, LanguageSupport, Municipality, ScoreWeights
from models.vocabulary import ScoreTerm
from workflows.matching.facts import Market, Place, Weights
from workflows.validity import holds_on

_THOUSANDTHS = 1000


def market_on(connection: Connection, day: date) -> Market:
    """Return the newest figures of labour demand that hold on a day."""
    rows = connection.execute(
        select(
            LabourDemand.region_number,
            LabourDemand.occupation_group,
            LabourDemand.vacancies,
            LabourDemand.seekers,
        )
        .where(LabourDemand.valid_from <= day)
        .ext(distinct_on(LabourDemand.region_number, LabourDemand.occupation_group))
        .order_by(
            LabourDemand.region_number,
            LabourDemand.occupation_group,
            LabourDemand.valid_from.desc(),
        )
    )
    return Market({(row[0], row[1]): (row[2], row[3]) for row in rows})


def places_on(connection: Connection, day: date) -> list[Place]:
    """Return the municipalities that exist on a day, in the order of their codes."""
    languages: dict[str, set[str]] = defaultdict(set)
    for code, language in connection.execute(
        select(LanguageSupport.municipality_code, LanguageSupport.language).where(
            holds_on(LanguageSupport, day),
        )
    ):
        languages[code].add(language)
    rows = connection.execute(
        select(
            Municipality.code,
            Municipality.region_number,
            Municipality.tile_column,
            Municipality.tile_row,
        )
        .where(
            holds_on(Municipality, day),
        )
        .order_by(Municipality.code)
    )
    return [
        Place(
            code=row[0],
            region=row[1],
            column=row[2],
            row=row[3],
            languages=frozenset(languages[row[0]]),
        )
        for row in rows
    ]


def weights_on(connection: Connection, day: date) -> Weights:
    """Return the newest version of the weights that holds on a day; LookupError without one."""
    version, terms = _held(connection, day, ScoreWeights.version, ScoreWeights.weights)
    return Weights(version, {ScoreTerm(term): int(weight) for term, weight in terms.items()})


def balance_on(connection: Connection, day: date) -> float:
    """Return the weight of the balance between municipalities on a day, in points.

    LookupError when no weights hold.
    """
    (found,) = _held(connection, day, ScoreWeights.balance)
    return float(found / _THOUSANDTHS)


def floor_on(connection: Connection, day: date) -> int:
    """Return the floor under sizes of household on a day, in percent; 0 is no floor.

    LookupError when no weights hold.
    """
    (found,) = _held(connection, day, ScoreWeights.floor)
    return int(found)


def _held(
    connection: Connection, day: date, *columns: InstrumentedAttribute[Any]
) -> tuple[Any, ...]:
    row = connection.execute(
        select(*columns)
        .where(ScoreWeights.valid_from <= day)
        .order_by(ScoreWeights.valid_from.desc(), ScoreWeights.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        message = f"no weights of the score hold on {day}"
        raise LookupError(message)
    return tuple(row)
