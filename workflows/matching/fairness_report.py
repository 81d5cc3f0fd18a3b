"""The report on fairness and balance of a run, made before anyone confirms what it proposes.

Sex is read here for the report; it is in nothing that a score is reckoned from.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from models import Person
from models.vocabulary import FairnessDimension, HouseholdMix, Prospects
from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.chances import chances_of_work
from workflows.matching.draw import lottery_of, size_of
from workflows.matching.facts import Adult
from workflows.matching.fairness import (
    Gains,
    Rows,
    evenness,
    group_shares,
    sorting,
    tertiles,
    worst,
)
from workflows.matching.propose import Answer, summary

NO_CRITERION = "no_criterion"
Groups = dict[str, list[int]]
By = FairnessDimension


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups of a dimension, by the rows that belong to each."""

    dimension: FairnessDimension
    rows: Rows
    groups: Groups


def result(connection: Connection, found: Answer) -> dict[str, Any]:
    """Return what a run says of itself, with its report on fairness and balance."""
    return summary(found) | {"fairness": fairness(found, _sexes(connection, found))}


def _sexes(connection: Connection, found: Answer) -> dict[int, str]:
    adults = [
        adult.person_id for each in found.assembled.scene.households for adult in each.seeker.adults
    ]
    rows = connection.execute(select(Person.id, Person.sex).where(Person.id.in_(adults)))
    return {row.id: row.sex for row in rows}


def fairness(found: Answer, sexes: Mapping[int, str]) -> dict[str, Any]:
    """Return the report on a plan; `sexes` is by key of the person.

    `groups` has captured shares by dimension and group, `worst` the lowest of them, `evenness` the
    lowest over the highest by dimension. `fill` is how far quotas are fulfilled after the plan,
    `mix` how many households of a kind go to how many municipalities, and `sorting` the
    correlation of chances of work, among the households of which a screening tells them.
    """
    screened, chances = _chances(found)
    groups = [
        share
        for each in (*_by_household(found), *_by_adult(found, sexes))
        for share in group_shares(each.dimension, each.rows, each.groups)
    ]
    lowest = worst(groups)
    return {
        "groups": [each.as_json() for each in groups],
        "worst": None if lowest is None else lowest.as_json(),
        "evenness": evenness(groups),
        "mix": _mix(found),
        "sorting": sorting(chances, found.plan.assignment[screened]),
    }


def _waited(found: Answer) -> Ints:
    scene = found.assembled.scene
    return np.array(
        [
            (scene.today - each.permit_on - timedelta(each.suspended_days)).days
            for each in scene.households
        ],
        dtype=np.int64,
    )


def _gains(found: Answer, scores: Floats, household: Ints) -> Gains:
    lottery = lottery_of(found.assembled)
    possible, room = lottery.possible[household], lottery.room[household]
    return Gains.of(scores, possible, room, found.plan.assignment[household])


def _by_household(found: Answer) -> Iterator[Grouped]:
    households = found.assembled.scene.households
    each = np.arange(len(households))
    rows = Rows(_gains(found, found.assembled.scores, each), each, _waited(found))
    types: Groups = defaultdict(list)
    criteria: Groups = defaultdict(list)
    for number, household in enumerate(households):
        types[household.household_type].append(number)
        named = {str(criterion["criterion"]) for criterion in household.hard_criteria}
        for name in named or {NO_CRITERION}:
            criteria[name].append(number)
    yield Grouped(By.HOUSEHOLD_TYPE, rows, types)
    yield Grouped(By.HARD_CRITERION, rows, criteria)
    yield Grouped(By.PROSPECTS, rows, _prospects(found))


def _prospects(found: Answer) -> Groups:
    screened, chances = _chances(found)
    thirds = tertiles(chances.mean(axis=1))
    groups: Groups = defaultdict(list)
    for number, third in zip(screened, thirds, strict=True):
        groups[tuple(Prospects)[int(third)]].append(number)
    return groups


def _by_adult(found: Answer, sexes: Mapping[int, str]) -> Iterator[Grouped]:
    """Yield the dimensions of adults, each by its own points: none hides behind another."""
    of_household = _adults(found)
    if not of_household:
        return
    household = np.array([number for number, _ in of_household], dtype=np.int64)
    seekers = [each.seeker for each in found.assembled.scene.households]
    points = np.array(
        [found.model.points(seekers[number], adult).total for number, adult in of_household]
    )
    rows = Rows(_gains(found, points, household), household, _waited(found)[household])
    education: Groups = defaultdict(list)
    sex: Groups = defaultdict(list)
    language: Groups = defaultdict(list)
    for number, (_, adult) in enumerate(of_household):
        education[adult.education].append(number)
        sex[sexes[adult.person_id]].append(number)
        for spoken in adult.languages:
            language[spoken].append(number)
    yield Grouped(By.EDUCATION, rows, education)
    yield Grouped(By.SEX, rows, sex)
    yield Grouped(By.LANGUAGE, rows, language)


def _adults(found: Answer) -> list[tuple[int, Adult]]:
    return [
        (number, adult)
        for number, each in enumerate(found.assembled.scene.households)
        for adult in each.seeker.adults
    ]


def _chances(found: Answer) -> tuple[list[int], Floats]:
    """Return the households with a screening, and their chances of work by municipality."""
    seekers = [each.seeker for each in found.assembled.scene.households]
    screened = [number for number, each in enumerate(seekers) if each.adults]
    return screened, chances_of_work(found.model, [seekers[number] for number in screened])


def _mix(found: Answer) -> dict[str, dict[str, int]]:
    """Return how many households of each kind are placed, and in how many municipalities."""
    places: dict[str, list[int]] = {kind: [] for kind in HouseholdMix}
    for household, place in zip(
        found.assembled.scene.households, found.plan.assignment, strict=True
    ):
        if place != NOWHERE:
            places[size_of(household.seeker.persons)].append(int(place))
    return {
        kind: {"households": len(found_in), "municipalities": len(set(found_in))}
        for kind, found_in in places.items()
    }
