"""A batch of households at once: prices, whole households, search, polish, certificate."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.ascent import ascend
from workflows.matching.certificate import Certificate, certify
from workflows.matching.dive import dive
from workflows.matching.placement import Placement, fill
from workflows.matching.polish import polish
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.search import Effort, search
from workflows.matching.sifting import sift

_POLISHED = 500
_MANY = 4000
_SHAKES = 5
_MANY_PROFILES = 64


class WhyUnplaced(StrEnum):
    """Why a plan leaves a household without a municipality."""

    NOWHERE_ELIGIBLE = "nowhere_eligible"
    LARGER_THAN_ANY_ROOM = "larger_than_any_room"
    WORTH_LESS_THAN_ITS_LOSS = "worth_less_than_its_loss"
    ROOM_USED_BY_OTHERS = "room_used_by_others"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A municipality (or NOWHERE) per household, the prices behind it and what they prove.

    `prices[j, r]` is a ceiling of what one unit more of room of row r in municipality j could
    add; `unplaced` gives the reason per household that is left.
    """

    assignment: Ints
    prices: Floats
    certificate: Certificate
    unplaced: dict[int, WhyUnplaced]


def solve(problem: Problem) -> Plan:
    """Return a plan within the room that nothing beats by more than its certificate's gap.

    The same problem gives the same plan: every limit counts rounds, steps or nodes, never time.
    """
    if not np.isfinite(problem.value).any():
        nobody = np.full(problem.households, NOWHERE)
        return _plan(problem, nobody, np.zeros(problem.room.shape), None)
    weight = np.ones(problem.households)
    prices = sift(problem, ascend(problem, weight), weight).prices
    regret, _ = regrets(problem, prices)
    placement = Placement.of(problem, dive(problem, regret))
    fill(placement, regret)
    if problem.by_profile and len(problem.profiles[0]) <= _MANY_PROFILES:
        placement = search(placement, regret, Effort(shakes=_shakes(problem)))
    assignment, proven = placement.assignment, None
    if problem.households <= _POLISHED:
        price_bound = certify(problem, prices, assignment).price_bound
        polished = polish(problem, regret, assignment, price_bound)
        assignment, proven = polished.assignment, polished.proven
    return _plan(problem, assignment, prices, proven)


def _shakes(problem: Problem) -> int:
    return _SHAKES if _POLISHED < problem.households <= _MANY else 0


def _plan(problem: Problem, assignment: Ints, prices: Floats, proven: float | None) -> Plan:
    assignment.flags.writeable = prices.flags.writeable = False
    certificate = certify(problem, prices, assignment, proven)
    return Plan(assignment, prices, certificate, _reasons(problem, assignment))


def _reasons(problem: Problem, assignment: Ints) -> dict[int, WhyUnplaced]:
    left = np.flatnonzero(assignment == NOWHERE)
    best = problem.value[left].max(axis=1)
    reasons = np.select(
        [~problem.eligible[left].any(axis=1), ~np.isfinite(best), best <= -problem.loss[left]],
        [
            WhyUnplaced.NOWHERE_ELIGIBLE,
            WhyUnplaced.LARGER_THAN_ANY_ROOM,
            WhyUnplaced.WORTH_LESS_THAN_ITS_LOSS,
        ],
        WhyUnplaced.ROOM_USED_BY_OTHERS,
    )
    return {int(i): WhyUnplaced(str(why)) for i, why in zip(left, reasons, strict=True)}
