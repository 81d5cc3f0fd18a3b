"""Week by week over half a year: the share of hindsight that greedy and price lists reach.

Hindsight is the linear program over all arrivals, which no plan exceeds. `--instance FILE.npz`
takes an instance with `week`; without it the project's own is drawn, with a history of another
seed. The forecast counts the arrivals of a week by size; it is right, or says 20% too many or too
few of every size, and is corrected by what was seen. Who is to come looks like the history where
there is one, otherwise like those seen so far; who waits to be decided counts as one.

Households are decided in two ways: each at once, and all of a week together at its end. Without a
history nothing is known in the first week, so that both decide it at its end.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bench.ground.matching.country import WEEKS, Instance, instance, read
from bench.ground.matching.forecast import corrected
from bench.ground.measure import Json, publish, target
from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.ascent import ascend
from workflows.matching.expected import shared_out
from workflows.matching.online import PriceList, evenly, holding_back, price_list
from workflows.matching.problem import Problem
from workflows.matching.sifting import sift
from workflows.matching.solve import solve

FORECASTS = {"right": 1.0, "high": 1.2, "low": 0.8}


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description="Linking week by week.")
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
    reached = {
        name: max(shares["at_once"][name], shares["weekly_batch"][name]) for name in FORECASTS
    }
    spent = {
        name: max(shares[way][name] for way in WAYS)
        for name in ("decision_ms", "refresh_s", "refresh_cpu_s")
    }
    content: Json = {
        "unit": "share of the hindsight bound, percent",
        "n": now.problem.households,
        "value": reached["right"],
        "baseline": {"name": "greedy", "value": shares["greedy"]},
        "ratio": round(reached["right"] / shares["greedy"], 4),
        "targets": [
            target("forecast right", reached["right"], least=98),
            target("forecast 20% high", reached["high"], least=97),
            target("forecast 20% low", reached["low"], least=97),
            target("a decision in the slowest week, ms", spent["decision_ms"], most=50),
            target("longest refresh, s", spent["refresh_s"], most=3),
            target("longest refresh, s of CPU", spent["refresh_cpu_s"], most=3),
        ],
        "shares": shares,
    }
    publish("matching_online", asked, content)


def _shares(now: Instance, before: Instance | None) -> Json:
    problem = now.problem
    weight = np.ones(problem.households)
    hindsight = sift(problem, ascend(problem, weight), weight).bound
    found: Json = {"hindsight": hindsight}
    greedy = np.full(problem.households, NOWHERE)
    free = PriceList(np.zeros(problem.room.shape))
    _at_once(problem, free, np.arange(problem.households), greedy)
    found["greedy"] = _share(problem, greedy, hindsight)
    for way, decide in WAYS.items():
        whole: Json = {}
        for name, factor in FORECASTS.items():
            half_year = _HalfYear(now, before, factor, weekly=way == "weekly_batch")
            half_year.run(decide)
            whole[name] = _share(problem, half_year.assignment, hindsight)
            unplaced = half_year.assignment == NOWHERE
            whole[f"{name}_unplaced_persons"] = int(problem.size[unplaced].sum())
            for spent in ("decision_ms", "refresh_s", "refresh_cpu_s"):
                whole[spent] = max(whole.get(spent, 0), getattr(half_year, spent))
        found[way] = whole
    return found


def _at_once(problem: Problem, known: PriceList, arriving: Ints, assignment: Ints) -> None:
    """Decide one household after the other; the room left shrinks with each."""
    left = problem.left(assignment)
    for i in arriving:
        place = known.choose(problem.score[i], problem.eligible[i], problem.use[i], left)
        if place != NOWHERE:
            assignment[i] = place
            left[place] -= problem.use[i] if problem.by_profile else problem.use[i, place]


def _batch(problem: Problem, known: PriceList, arriving: Ints, assignment: Ints) -> None:
    """Decide all of a week together."""
    batch = _part(problem, arriving, problem.left(assignment))
    assignment[arriving] = solve(holding_back(batch, known)).assignment


Decide = Callable[[Problem, PriceList, Ints, Ints], None]
WAYS: dict[str, Decide] = {"at_once": _at_once, "weekly_batch": _batch}


@dataclass(slots=True)
class _HalfYear:
    """A run over all weeks, with its slowest refresh, and a decision in its slowest week."""

    now: Instance
    before: Instance | None
    factor: float
    weekly: bool
    assignment: Ints = field(init=False)
    decision_ms: float = 0.0
    refresh_s: float = 0.0
    refresh_cpu_s: float = 0.0

    def run(self, decide: Decide) -> None:
        """Decide week after week at prices that are made anew for each."""
        problem = self.now.problem
        self.assignment = np.full(problem.households, NOWHERE)
        known: PriceList | None = None
        for week in range(WEEKS):
            arriving = np.flatnonzero(self.now.week == week)
            started, busy = time.perf_counter(), time.process_time()
            typical, number = self._expected(week)
            known = price_list(typical, number, known)
            refreshed = time.perf_counter()
            self.refresh_s = max(self.refresh_s, round(refreshed - started, 2))
            self.refresh_cpu_s = max(self.refresh_cpu_s, round(time.process_time() - busy, 2))
            decide(problem, known, arriving, self.assignment)
            spent = (time.perf_counter() - refreshed) / max(len(arriving), 1)
            self.decision_ms = max(self.decision_ms, round(1e3 * spent, 2))

    def _expected(self, week: int) -> tuple[Problem, Floats]:
        """Return households with the room left, and how many each stands for.

        Whoever is decided at the end of the week counts as one; typical households stand for those
        who come after.
        """
        problem = self.now.problem
        known = week + 1 if self._ends(week) else week
        seen, left = np.flatnonzero(self.now.week < known), problem.left(self.assignment)
        waiting = seen[self.now.week[seen] == week]
        if self.before is None:
            pool = seen[evenly(len(seen))]
            number = np.zeros(problem.households)
            number[pool] = self._to_come(known, seen, problem.size[pool])
            number[waiting] += 1
            known_by_now = np.flatnonzero(number)
            return _part(problem, known_by_now, left), number[known_by_now]
        past = self.before.problem
        pool = evenly(past.households)
        number = self._to_come(known, seen, past.size[pool])
        typical = _joined(_part(problem, waiting, left), _part(past, pool, left))
        return typical, np.concatenate([np.ones(len(waiting)), number])

    def _ends(self, week: int) -> bool:
        """Whether a week is decided at its end."""
        return self.weekly or (week == 0 and self.before is None)

    def _to_come(self, known: int, seen: Ints, sizes: Ints) -> Floats:
        """Share the arrivals of the weeks that are not known yet out over households by size."""
        kinds, kind = np.unique(self.now.problem.size, return_inverse=True)
        weekly = np.bincount(kind, minlength=len(kinds)) / WEEKS * self.factor
        counted = np.bincount(kind[seen], minlength=len(kinds)).astype(np.float64)
        rest = corrected(weekly * (WEEKS - known), weekly * known, counted)
        return shared_out(sizes.tolist(), dict(zip(kinds.tolist(), rest, strict=True)))


def _joined(one: Problem, other: Problem) -> Problem:
    both = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("score", "eligible", "use", "size", "loss")
    }
    return replace(one, **both)


def _part(problem: Problem, chosen: Ints, left: Ints) -> Problem:
    return replace(
        problem, score=problem.score[chosen], eligible=problem.eligible[chosen],
        use=problem.use[chosen], room=left, size=problem.size[chosen], loss=problem.loss[chosen],
    )  # fmt: skip


def _share(problem: Problem, assignment: Ints, hindsight: float) -> float:
    assert (problem.left(assignment) >= 0).all()
    placed = np.flatnonzero(assignment != NOWHERE)
    assert problem.eligible[placed, assignment[placed]].all()
    lost = (hindsight - problem.objective(assignment)) / abs(hindsight)
    return round(100 * (1 - lost), 3)


if __name__ == "__main__":
    main()
