"""A world in which work and study follow a known law, made by taking every step of the road.

The law is written here in words of its own: it asks nothing of the code that must find it again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp
from random import Random
from typing import Any

from tests.factories import DWELLING, NO_TALK, Row, v_number
from tests.factories import member as person
from tests.world import AMSTERDAM, GRONINGEN, OFFICER_OF, UTRECHT, World
from workflows.engine import take_many
from workflows.matching.data import DemandRow, LanguageRow, store
from workflows.reading.installed import person_references
from workflows.request import Result
from workflows.rules.norms import add_months

CARPENTER, NURSE = "7115", "2221"
REGION_OF = {UTRECHT: 14, AMSTERDAM: 10, GRONINGEN: 1}
# Vacancies among a hundred, by occupation and municipality.
ASKED_FOR = {
    (CARPENTER, UTRECHT): 90,
    (CARPENTER, AMSTERDAM): 10,
    (CARPENTER, GRONINGEN): 50,
    (NURSE, UTRECHT): 10,
    (NURSE, AMSTERDAM): 90,
    (NURSE, GRONINGEN): 40,
}
HELP_IN = {UTRECHT: "tigrinya", AMSTERDAM: "arabisch", GRONINGEN: "dari"}
LANGUAGES = ("Arabisch", "Tigrinya", "Dari")
# What the law adds to the log-odds of work or study, for a whole step of each.
START, OCCUPATION, LANGUAGE = -1.4, 2.5, 1.2
COHORTS, A_COHORT = 10, 16
MONTHS = (6, 12, 24)

Law = Callable[["Planted", Random], bool]


@dataclass(frozen=True, slots=True)
class Planted:
    """A single adult with a job and a language, and the municipality of the link."""

    job: str
    language: str
    home: str
    v_number: str


def by_law(adult: Planted, random: Random) -> bool:
    """Draw whether an adult works or studies, by the law."""
    helped = adult.language.casefold() == HELP_IN[adult.home]
    odds = START + OCCUPATION * ASKED_FOR[adult.job, adult.home] / 100 + LANGUAGE * helped
    return random.random() < 1 / (1 + exp(-odds))


def by_coin(_adult: Planted, random: Random) -> bool:
    """Draw the same without any law."""
    return random.random() < 0.5


@dataclass(frozen=True, slots=True)
class Cohort:
    """Adults who were linked, and moved in, on one day."""

    world: World
    adults: tuple[Planted, ...]
    cases: tuple[str, ...]
    persons: tuple[str, ...]


def settle(world: World, *, seed: int = 1, cohorts: int = COHORTS) -> list[Cohort]:
    """Bring cohorts, a week apart, all the way home; what they find there stands in the tables."""
    _market(world)
    random = Random(seed)  # noqa: S311 - must be the same each time
    return [_cohort(world.later(7 * number), random) for number in range(cohorts)]


def measure(cohorts: Sequence[Cohort], law: Law, *, seed: int = 2, **changes: Any) -> None:
    """Let municipalities record what the law gives, at each of the three times."""
    random = Random(seed)  # noqa: S311 - must be the same each time
    for months in MONTHS:
        for each in cohorts:
            day = add_months(each.world.today, months) - timedelta(days=5)
            payloads = [
                {
                    "member": member,
                    "kind": ("work", "study")[random.randrange(2)]
                    if law(adult, random)
                    else "neither",
                    "months_after": str(months),
                    "measured_on": day,
                    **changes,
                }
                for adult, member in zip(each.adults, each.persons, strict=True)
            ]
            _all(each.world.on(day), each, "record_outcome", payloads)


def _market(world: World) -> None:
    groups = {job: job[:2] for job in (CARPENTER, NURSE)}
    demand = [
        DemandRow(
            region_number=REGION_OF[home],
            occupation_group=groups[job],
            valid_from=world.today,
            vacancies=asked,
            seekers=100 - asked,
            source="test",
        )
        for (job, home), asked in ASKED_FOR.items()
    ]
    helping = [
        LanguageRow(municipality_code=home, language=each, valid_from=world.today, source="test")
        for home, each in HELP_IN.items()
    ]
    with world.engine.begin() as connection:
        manager = world.actors["functional_manager"]
        store(connection, manager, demand, world.moment)
        store(connection, manager, helping, world.moment)


def _cohort(world: World, random: Random) -> Cohort:
    homes = (UTRECHT, AMSTERDAM, GRONINGEN)
    adults = tuple(
        Planted(
            random.choice((CARPENTER, NURSE)),
            random.choice(LANGUAGES),
            random.choices(homes, (3, 3, 1))[0],
            v_number(),
        )
        for _ in range(A_COHORT)
    )
    made = Cohort(world, adults, (None,) * A_COHORT, ())  # type: ignore[arg-type] # not yet
    cases = _all(world, made, "register", [_registered(world, each) for each in adults])
    with world.engine.connect() as connection:
        known = person_references(connection, [each.v_number for each in adults])
    persons = tuple(known[each.v_number] for each in adults)
    made = Cohort(world, adults, tuple(cases), persons)
    for step, payloads in _road(made):
        _all(world, made, step, payloads)
    return made


def _registered(world: World, adult: Planted) -> Row:
    member = person(v_number=adult.v_number, languages=[adult.language])
    return {
        "permit_on": world.today - timedelta(days=10),
        "centre": world.centre(),
        "members_to_add": [member],
    }


def _road(made: Cohort) -> Iterator[tuple[str, list[Row]]]:
    today = made.world.today
    same: dict[str, Row] = {
        "complete_screening": {},
        "link": {},
        "take_up": {"scenario": "combined"},
        "offer_housing": DWELLING | {"available_from": today},
        "accept_offer": {},
        "sign_lease": {"title_on": today},
        "house": {"housed_on": today},
        "sign_off": {"booked_on": today},
        "close": NO_TALK,
    }
    yield (
        "screen",
        [
            {
                "member": member,
                "held_on": today,
                "education_level": "vocational",
                "work_experience": [{"occupation": adult.job, "years": 5}],
            }
            for adult, member in zip(made.adults, made.persons, strict=True)
        ],
    )
    for step, payload in same.items():
        if step == "link":
            yield step, [{"municipality": each.home} for each in made.adults]
        else:
            yield step, [payload] * len(made.adults)


_BY_MUNICIPALITY = {"take_up", "offer_housing", "sign_lease", "record_outcome"}


def _all(world: World, made: Cohort, step: str, payloads: Sequence[Row]) -> list[str]:
    """Take a step for each adult of a cohort, and return the references of their cases."""
    requests = [
        world.request(step, _actor(step, adult), payload, case)
        for adult, payload, case in zip(made.adults, payloads, made.cases, strict=True)
    ]
    with world.engine.begin() as connection:
        found = take_many(connection, requests, world.moment, all_or_nothing=True)
    return [each.case for each in found if isinstance(each, Result)]


def _actor(step: str, adult: Planted) -> str:
    if step in _BY_MUNICIPALITY:
        return OFFICER_OF[adult.home]
    return "placement_officer" if step == "link" else "case_manager"
