"""A floor under what groups of households get of their own best, and what it costs all together."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from workflows.flow.groups import LEAST
from workflows.matching.arrays import NOWHERE, Ints
from workflows.matching.certificate import certify
from workflows.matching.fairness import Lottery
from workflows.matching.problem import Problem
from workflows.matching.solve import Plan, solve
from workflows.matching.staying import stay_put

_FIRST = 0.04
_ROUNDS = 8
_TOLERANCE = 1e-9
Shares = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorGroup:
    """A group under a floor: its captured share without and with it.

    `multiplier` is how much more its scores weigh in the plan than those of others; 0: no more.
    """

    group: str
    households: int
    before: float
    after: float
    multiplier: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Floored:
    """A plan under a floor, and its price: what it costs as a part of all scores together.

    Whoever is left unplaced by it counts in the price as in each plan.
    `met` says whether each group reaches the floor; where no plan does, this is the one whose
    worst-off group gets most.
    """

    plan: Plan
    floor: float
    met: bool
    price: float
    groups: tuple[FloorGroup, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it with a run."""
        groups = [asdict(each) for each in self.groups]
        return {"floor": self.floor, "met": self.met, "price": self.price, "groups": groups}


def with_floor(
    problem: Problem,
    plan: Plan,
    lottery: Lottery,
    groups: Mapping[str, Ints],
    floor: float,
    *,
    told: Callable[[], None] = lambda: None,
) -> Floored:
    """Return a plan in which each group of at least ten captures `floor` of its own best.

    The scores of groups that stay below weigh ever more, as multipliers of the floor do, until
    none stays below or eight plans were made. `groups` are rows of the problem, and `lottery`
    holds their bare scores. `told` may raise, to stop.
    """
    measured = _measured(lottery, plan, groups)
    before = _shares(lottery, plan, measured)
    multipliers = dict.fromkeys(measured, 0.0)
    best, shares, used = plan, before, dict(multipliers)
    latest = before
    for _ in range(_ROUNDS):
        lagging = [name for name, share in latest.items() if share < floor - _TOLERANCE]
        if not lagging:
            break
        for name in lagging:
            multipliers[name] = max(2 * multipliers[name], _FIRST)
        found = _solved(problem, plan, _weighted(problem, lottery, measured, multipliers), told)
        latest = _shares(lottery, found, measured)
        if min(latest.values()) > min(shares.values()):
            best, shares, used = found, latest, dict(multipliers)
    lost = plan.certificate.objective - best.certificate.objective
    got = float(lottery.gains(plan.assignment).got.sum())
    return Floored(
        plan=best,
        floor=floor,
        met=all(share >= floor - _TOLERANCE for share in shares.values()),
        price=max(0.0, lost) / got if got > 0 else 0.0,
        groups=tuple(
            FloorGroup(
                group=name,
                households=len(rows),
                before=before[name],
                after=shares[name],
                multiplier=used[name],
            )
            for name, rows in measured.items()
        ),
    )


def _measured(lottery: Lottery, plan: Plan, groups: Mapping[str, Ints]) -> dict[str, Ints]:
    gains = lottery.gains(plan.assignment)
    rows = {name: members[gains.measured[members]] for name, members in groups.items()}
    return {
        name: members
        for name, members in rows.items()
        if len(members) >= LEAST and gains.share(members) is not None
    }


def _shares(lottery: Lottery, plan: Plan, groups: Mapping[str, Ints]) -> Shares:
    gains = lottery.gains(plan.assignment)
    return {name: gains.share(members) or 0.0 for name, members in groups.items()}


def _weighted(
    problem: Problem, lottery: Lottery, groups: Mapping[str, Ints], multipliers: Shares
) -> Problem:
    score = problem.score.copy()
    for name, members in groups.items():
        score[members] += multipliers[name] * lottery.score[members]
    score.flags.writeable = False
    return replace(problem, score=score)


def _solved(problem: Problem, plan: Plan, weighted: Problem, told: Callable[[], None]) -> Plan:
    """Return the plan by weighted scores, with the certificate that true scores give it."""
    found = stay_put(weighted, solve(weighted, told), plan.assignment)
    assignment = found.assignment
    certificate = certify(problem, plan.prices, assignment, plan.certificate.bound)
    unplaced = {int(at): found.unplaced[int(at)] for at in np.flatnonzero(assignment == NOWHERE)}
    return replace(plan, assignment=assignment, certificate=certificate, unplaced=unplaced)
