"""Day by day over half a year: the share of hindsight that greedy and price lists reach.

Hindsight is the linear program over all arrivals, which no plan exceeds. `--instance FILE.npz`
takes an instance with `week`; without it the project's own is drawn, with a history of another
seed. The forecast counts arrivals by size; it is right, or wrong by 20% for small and large
households in opposite directions and again for all. Typical households come from the history
where there is one, otherwise from those seen so far (the first week is decided at its end).
"""

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.ground.matching.country import WEEKS, Instance, instance, read
from bench.ground.measure import Json, publish, target
from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.ascent import ascend
from workflows.matching.online import PriceList, corrected, price_list
from workflows.matching.problem import Problem
from workflows.matching.sifting import sift

FORECASTS = {"right": 1.0, "wrong_low": 0.8, "wrong_high": 1.2}


@dataclass(slots=True)
class Spent:
    """The longest decision and refresh, in seconds."""

    decision: float = 0.0
    refresh: float = 0.0


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description="Linking day by day.")
    parser.add_argument("--instance", type=Path)
    parser.add_argument("--history", type=Path, help="an instance of an earlier half-year")
    parser.add_argument("--households", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder for the figure")
    asked = parser.parse_args()
    before: Instance | None
    if asked.instance is None:
        now = instance(asked.households, asked.seed)
        before = instance(asked.households, asked.seed + 1000)
    else:
        now = read(asked.instance)
        before = None if asked.history is None else read(asked.history)
    shares = _shares(now, before)
    content: Json = {
        "unit": "share of the hindsight bound, percent",
        "n": now.problem.households,
        "value": shares["right"],
        "baseline": {"name": "greedy", "value": shares["greedy"]},
        "ratio": round(shares["right"] / shares["greedy"], 4),
        "targets": [
            target("forecast right", shares["right"], least=98),
            target("forecast 20% low", shares["wrong_low"], least=97),
            target("forecast 20% high", shares["wrong_high"], least=97),
            target("longest decision, ms", shares["decision_ms"], most=50),
            target("longest refresh, s", shares["refresh_s"], most=3),
        ],
        "shares": shares,
    }
    publish("matching_online", asked, content)


def _shares(now: Instance, before: Instance | None) -> Json:
    problem, spent = now.problem, Spent()
    weight = np.ones(problem.households)
    hindsight = sift(problem, ascend(problem, weight), weight).bound
    free = PriceList(np.zeros(problem.room.shape))
    assignment = np.full(problem.households, NOWHERE)
    _decide(problem, free, range(problem.households), assignment, spent)
    found: Json = {"hindsight": hindsight, "greedy": _share(problem, assignment, hindsight)}
    for name, factor in FORECASTS.items():
        assignment = _half_year(now, before, factor, spent)
        found[name] = _share(problem, assignment, hindsight)
        found[f"{name}_unplaced_persons"] = int(problem.size[assignment == NOWHERE].sum())
    found["decision_ms"] = round(spent.decision * 1e3, 2)
    found["refresh_s"] = round(spent.refresh, 2)
    return found


def _half_year(now: Instance, before: Instance | None, factor: float, spent: Spent) -> Ints:
    problem = now.problem
    assignment = np.full(problem.households, NOWHERE)
    kinds, kind = np.unique(problem.size, return_inverse=True)
    weekly = np.bincount(kind, minlength=len(kinds)) / WEEKS * factor
    known: PriceList | None = None
    for week in range(WEEKS):
        arrived = np.flatnonzero(now.week <= week if before is None else now.week < week)
        seen = np.bincount(kind[arrived], minlength=len(kinds)).astype(np.float64)
        weeks_seen = week + (before is None)
        rest = weekly * (WEEKS - week)
        rest = corrected(rest, weekly * weeks_seen, seen) if weeks_seen else rest
        started = time.perf_counter()
        typical, number = _typical(problem, before, arrived, rest, problem.left(assignment))
        known = price_list(typical, number, known)
        spent.refresh = max(spent.refresh, time.perf_counter() - started)
        _decide(problem, known, np.flatnonzero(now.week == week), assignment, spent)
    return assignment


def _typical(
    problem: Problem, before: Instance | None, arrived: Ints, rest: Floats, left: Ints
) -> tuple[Problem, Floats]:
    """Return typical households with the room left, and how many are expected of each."""
    source = problem if before is None else before.problem
    pool = arrived if before is None else np.arange(source.households)
    sizes = np.unique(problem.size)
    kind = np.searchsorted(sizes, source.size[pool]).clip(max=len(sizes) - 1)
    number = rest[kind] / np.bincount(kind, minlength=len(sizes))[kind]
    typical = replace(
        source, score=source.score[pool], eligible=source.eligible[pool], use=source.use[pool],
        room=left, size=source.size[pool], loss=source.loss[pool],
    )  # fmt: skip
    return typical, number


def _decide(
    problem: Problem, known: PriceList, arriving: "Ints | range", assignment: Ints, spent: Spent
) -> None:
    left = problem.left(assignment)
    for i in arriving:
        started = time.perf_counter()
        place = known.choose(problem.score[i], problem.eligible[i], problem.use[i], left)
        spent.decision = max(spent.decision, time.perf_counter() - started)
        if place != NOWHERE:
            assignment[i] = place
            left[place] -= problem.use[i] if problem.by_profile else problem.use[i, place]


def _share(problem: Problem, assignment: Ints, hindsight: float) -> float:
    assert (problem.left(assignment) >= 0).all()
    lost = (hindsight - problem.objective(assignment)) / abs(hindsight)
    return round(100 * (1 - lost), 3)


if __name__ == "__main__":
    main()
