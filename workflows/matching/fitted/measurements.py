"""Reads what was measured: each adult with an outcome, as matching saw that adult at the link.

Only facts of `facts.py` are read; nationality, sex and health are not.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import CompoundSelect, Connection, Select, and_, case, func, select, true, union

from models import (
    Case,
    LabourDemand,
    LanguageSupport,
    Municipality,
    Outcome,
    Person,
    ReceptionCentre,
    Screening,
)
from models.vocabulary import OutcomeKind, ScoreTerm
from workflows.matching.arrays import Floats, Ints
from workflows.matching.facts import Adult, Seeker, Weights
from workflows.matching.fitted.features import FEATURES, features
from workflows.matching.reading import market_on, places_on
from workflows.matching.score import PointsModel
from workflows.matching.waiting import adult_of, screened_columns


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """An outcome of an adult: the features in the municipality of the link, and the points there.

    `household` is the key of the case, `months` how long after moving in, `positive` whether the
    adult works or studies.
    """

    household: int
    linked_on: date
    adult: Adult
    months: int
    positive: bool
    features: tuple[float, ...]
    points: float


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Measurements as arrays, in one order."""

    design: Floats
    outcome: Floats
    points: Floats
    household: Ints

    @classmethod
    def of(cls, measured: Sequence[Measured]) -> "Sample":
        """Return the arrays of measurements."""
        return cls(
            np.array([each.features for each in measured]).reshape(-1, len(FEATURES)),
            np.array([each.positive for each in measured], dtype=np.float64),
            np.array([each.points for each in measured], dtype=np.float64),
            np.array([each.household for each in measured], dtype=np.int64),
        )


def measurements(connection: Connection, weights: Weights) -> list[Measured]:
    """Return the outcomes that hold of screened adults, in the order of their links.

    `weights` are those of the points model that the fitted model is tested against. Whoever lives
    where no municipality of the time was is left out.
    """
    models = _ModelsInTime(connection, weights)
    found = []
    for row in connection.execute(_measured()):
        adult = adult_of(*row[:5])
        made = models.on(row.linked_on)
        position = made.position(row.home)
        if position is None:
            continue
        seeker = Seeker(
            reference=row.reference,
            persons=row.persons,
            adults=(adult,),
            advised_regions=frozenset(row.advised_regions),
            centre=row.centre,
        )
        terms = {
            term: float(values[position])
            for term, values in made.model.measures(seeker, adult).items()
        }
        found.append(
            Measured(
                household=row.case_id,
                linked_on=row.linked_on,
                adult=adult,
                months=row.months_after,
                positive=row.kind != OutcomeKind.NEITHER,
                features=features(adult, row.months_after, terms),
                points=sum(terms[term] * weights.share(term) for term in ScoreTerm),
            )
        )
    return found


# The newest screening that was held when the household was linked: a later one knows the new home.
_SEEN = (
    select(Screening.education_level, Screening.work_experience, Screening.network_municipality)
    .where(Screening.person_id == Outcome.person_id, Screening.held_on <= Case.linked_on)
    .order_by(Screening.id.desc())
    .limit(1)
    .lateral()
)


def _measured() -> Select[Any]:
    held = func.max(Outcome.id).label("id")
    newest = (
        select(held).group_by(Outcome.case_id, Outcome.person_id, Outcome.months_after).subquery()
    )
    before = and_(Case.former_municipality_code.is_not(None), Case.linked_on < Case.merged_on)
    home = case((before, Case.former_municipality_code), else_=Case.municipality_code)
    return (
        select(
            *screened_columns(_SEEN),
            Outcome.case_id,
            Outcome.kind,
            Outcome.months_after,
            Case.reference,
            Case.persons,
            Case.advised_regions,
            Case.linked_on,
            home.label("home"),
            ReceptionCentre.municipality_code.label("centre"),
        )
        .select_from(Outcome)
        .join(newest, newest.c.id == Outcome.id)
        .join(Case, Case.id == Outcome.case_id)
        .join(Person, Person.id == Outcome.person_id)
        .join(_SEEN, true())
        .outerjoin(ReceptionCentre, ReceptionCentre.organisation_id == Case.centre_id)
        .where(_SEEN.c.education_level.is_not(None), Case.linked_on.is_not(None))
        .order_by(Case.linked_on, Outcome.case_id, Outcome.person_id, Outcome.months_after)
    )


@dataclass(frozen=True, slots=True)
class _InTime:
    """The points model of a period, with the place of each municipality in it."""

    model: PointsModel
    positions: dict[str, int]

    def position(self, code: str | None) -> int | None:
        return self.positions.get(code or "")


class _ModelsInTime:
    """The points model as it would have been on a day: one per period in which nothing changed."""

    def __init__(self, connection: Connection, weights: Weights) -> None:
        self._connection = connection
        self._weights = weights
        self._changes = sorted(day for day in connection.scalars(_CHANGES) if day is not None)
        self._made: dict[int, _InTime] = {}

    def on(self, day: date) -> _InTime:
        """Return the model of the period that holds a day."""
        period = bisect_right(self._changes, day)
        if period not in self._made:
            places = places_on(self._connection, day)
            model = PointsModel(places, market_on(self._connection, day), self._weights)
            positions = {place.code: number for number, place in enumerate(places)}
            self._made[period] = _InTime(model, positions)
        return self._made[period]


_CHANGES: CompoundSelect[Any] = union(
    select(LabourDemand.valid_from),
    select(LanguageSupport.valid_from),
    select(LanguageSupport.valid_until),
    select(Municipality.valid_from),
    select(Municipality.valid_until),
)
