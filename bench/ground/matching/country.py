"""A made-up country: municipalities with room, and households with scores for each of them.

Everything is drawn from one seeded generator, so an instance is the same on each machine. Scores
are sums over adults of a logistic function of education, the region's demand for the sector,
people who speak the language, and chance by region and municipality.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from workflows.matching.arrays import Flags, Floats, Ints
from workflows.matching.problem import Problem

PLACES, REGIONS, SECTORS, LANGUAGES, WEEKS = 390, 35, 12, 10, 26
_SIZES = np.arange(1, 9)
_SHARES = np.array([0.55, 0.12, 0.11, 0.10, 0.06, 0.035, 0.015, 0.01])
_FULL = 0.93
_LARGE = 6
_COUPLES = 0.8
_NEXT_DOOR_KM, _COMMUTE_KM, _UNSAFE = 12, 30, 0.3
_FAMILY, _SPONSOR, _WORK, _SAFETY = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A problem, and the week (0 to 25) in which each household arrives."""

    problem: Problem
    week: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Country:
    people: Floats
    region: Ints
    distance: Floats
    demand: Floats
    speakers: Floats
    attraction: Floats


def instance(households: int, seed: int, room: float = 1.0) -> Instance:
    """Draw an instance; `room` 1 is 93% full, 0.5 scarce, 2 loose."""
    country = _country(np.random.default_rng(65))
    chance = np.random.default_rng([seed, households])
    size = chance.choice(_SIZES, households, p=_SHARES)
    adults = np.where(size == 1, 1, 1 + (chance.random(households) < _COUPLES))
    score = _scores(chance, country, adults)
    use = np.stack([size, size == 1, size > 1, size >= _LARGE], axis=1).astype(np.int64)
    places = _room(chance, country, size, room)
    eligible = _eligible(chance, country, households)
    fits = (use[:, None] <= places[None]).all(axis=-1)
    lifted = ~(eligible & fits).any(axis=1)
    eligible[lifted] = True
    week = np.sort(chance.integers(0, WEEKS, households))
    return Instance(Problem.of(score, eligible, use, places, size), week)


def read(path: Any, room: float = 1.0) -> Instance:
    """Read an instance: `v`, `elig`, `use`, `cap`, `size`, and optional `penalty` and `week`."""
    with np.load(path) as file:
        penalty = file.get("penalty", 1.0)
        places = np.floor(file["cap"] * room)
        problem = Problem.of(
            file["v"], file["elig"], file["use"], places, file["size"], penalty=penalty
        )
        week = file["week"] if "week" in file else np.zeros(problem.households, np.int64)
    return Instance(problem, week)


def _country(chance: np.random.Generator) -> _Country:
    people = np.sort(np.exp(chance.normal(10.1, 0.8, PLACES)))[::-1]
    people[:4] = [840_000, 630_000, 520_000, 340_000]
    spot = chance.uniform(0, 1, (PLACES, 2)) * [180, 280]
    distance = np.sqrt(((spot[:, None] - spot[None]) ** 2).sum(axis=-1))
    region = distance[:, :REGIONS].argmin(axis=1)
    demand = chance.normal(0, 0.35, (REGIONS, SECTORS)) + chance.normal(0, 0.25, (REGIONS, 1))
    speakers = chance.gamma(0.5, 1, (PLACES, LANGUAGES)) * np.sqrt(people / 60_000)[:, None]
    return _Country(people, region, distance, demand, speakers, chance.normal(0, 0.12, PLACES))


def _scores(chance: np.random.Generator, country: _Country, adults: Ints) -> Floats:
    language = chance.integers(0, LANGUAGES, len(adults))
    score = np.zeros((len(adults), PLACES))
    for adult in range(2):
        who = np.flatnonzero(adults > adult)
        sector = chance.integers(0, SECTORS, len(who))
        odds = -1.0 + chance.normal(0, 0.55, (len(who), 1)) + country.attraction
        odds = odds + country.demand[:, sector].T[:, country.region]
        odds += chance.normal(0, 0.3, (len(who), REGIONS))[:, country.region]
        odds += chance.normal(0, 0.15, (len(who), PLACES))
        odds += 0.35 * np.tanh(country.speakers[:, language[who]].T)
        score[who] += 1 / (1 + np.exp(-odds))
    return score


def _eligible(chance: np.random.Generator, country: _Country, households: int) -> Flags:
    """Let family, a sponsor's region, treatment, work or safety bind 19% of the households."""
    kind = chance.choice(5, households, p=[0.81, 0.04, 0.05, 0.08, 0.02])
    anchor = chance.choice(PLACES, households, p=country.people / country.people.sum())
    near = country.distance[anchor]
    return np.asarray(
        (kind[:, None] == 0)
        | ((kind[:, None] == _FAMILY) & (near <= _NEXT_DOOR_KM))
        | ((kind[:, None] == _SPONSOR) & (country.region[anchor][:, None] == country.region))
        | ((kind[:, None] == _WORK) & (near <= _COMMUTE_KM))
        | ((kind[:, None] == _SAFETY) & (chance.random((households, PLACES)) > _UNSAFE))
    )


def _room(chance: np.random.Generator, country: _Country, size: Ints, room: float) -> Ints:
    persons = _apportioned(country.people, round(size.sum() / _FULL * room))
    mix = chance.beta(4, 4, PLACES) * 2
    wide = 1.15 * room
    single = _apportioned(persons * mix, round((size == 1).sum() * wide))
    family = _apportioned(persons * (2 - mix) + 1e-9, round((size > 1).sum() * wide))
    homes = round((size >= _LARGE).sum() * 1.5 * room)
    large = np.minimum(family, _apportioned(persons * chance.gamma(1.5, 1, PLACES), homes))
    return np.stack([persons, single, family, large], axis=1)


def _apportioned(weight: Floats, total: int) -> Ints:
    exact = weight / weight.sum() * total
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return np.asarray(whole)
