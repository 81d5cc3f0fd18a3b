"""A batch of households at once: prices, whole households, search, sets, certificate."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workflows.matching.arrays import NOWHERE, Floats, Ints
from workflows.matching.ascent import ascend
from workflows.matching.certificate import Certificate, certify
from workflows.matching.dive import dive
from workflows.matching.knapsack import Charges, Knapsacks
from workflows.matching.linear import SolverFailed
from workflows.matching.packing import pack
from workflows.matching.placement import Placement, fill
from workflows.matching.polish import Polished, polish
from workflows.matching.pricing import regrets
from workflows.matching.problem import Problem
from workflows.matching.search import Effort, search
from workflows.matching.sifting import sift
from workflows.matching.window import place_left

_SMALL = 500
# Up to so many households the program over sets is worth its time where prices leave a gap.
_MEDIUM = 2500
_WIDE_GAP = 0.01
_MANY = 4000
_FEW_PAIRS = 8
_SHAKES = 1
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

    `prices[j, r]` is what one unit more of room of row r in municipality j could add to a plan of
    parts of households; to one of whole households at most `price_bound - objective` more, since
    any prices bound every room. `unplaced` gives the reason per household that is left.
    """

    assignment: Ints
    prices: Floats
    certificate: Certificate
    unplaced: dict[int, WhyUnplaced]


def solve(problem: Problem, told: Callable[[], None] = lambda: None) -> Plan:
    """Return a plan within the room that nothing beats by more than its certificate's gap.

    The same problem gives the same plan: every limit counts rounds, steps or nodes, never time.
    `told` is called between the stages and may raise, to stop in the middle. The search and the
    sets need a use of room that is the same everywhere; where it depends on the municipality, more
    than 500 households get the dive alone, with the bound of prices.
    """
    if not np.isfinite(problem.value).any():
        nobody = np.full(problem.households, NOWHERE)
        return _plan(problem, nobody, np.zeros(problem.room.shape), None)
    weight = np.ones(problem.households)
    start = ascend(problem, weight)
    told()
    prices = sift(problem, start, weight).prices
    told()
    regret, unplaced = regrets(problem, prices)
    placement = Placement.of(problem, dive(problem, regret))
    fill(placement, regret)
    told()
    if problem.by_profile and len(problem.profiles[0]) <= _MANY_PROFILES:
        found = _by_profile(problem, placement, regret, Charges(unplaced, prices), told)
    elif problem.households <= _SMALL:
        price_bound = certify(problem, prices, placement.assignment).price_bound
        found = polish(problem, regret, placement.assignment, price_bound)
    else:
        found = Polished(placement.assignment, None)
    return _plan(problem, found.assignment, prices, found.proven)


def _by_profile(
    problem: Problem,
    placement: Placement,
    regret: Floats,
    charges: Charges,
    told: Callable[[], None],
) -> Polished:
    """Improve a plan where what a household uses is the same in every municipality."""
    staying = charges.household
    assignment = search(problem, placement.assignment, regret, staying, Effort(shakes=0))
    told()
    reached = certify(problem, charges.prices, assignment)
    far = reached.gap > _WIDE_GAP * abs(reached.bound)
    if _few_pairs(problem, regret, reached.gap):
        polished = polish(problem, regret, assignment, reached.price_bound)
        if polished.proven is not None:
            return polished
    if problem.households <= _SMALL or (far and problem.households <= _MEDIUM):
        return pack(problem, charges, assignment, told)
    assignment = place_left(problem, assignment, regret, charges, told)
    if problem.households <= _MANY:
        assignment = search(problem, assignment, regret, staying, Effort(shakes=_SHAKES))
    told()
    bound = Knapsacks(problem).best(charges).bound - float(problem.loss.sum())
    return Polished(assignment, bound)


def _few_pairs(problem: Problem, regret: Floats, gap: float) -> bool:
    """Whether so few pairs can be in a better plan that an integer program soon tells the best."""
    return int(np.count_nonzero(regret <= gap)) <= _FEW_PAIRS * problem.households


def _plan(problem: Problem, assignment: Ints, prices: Floats, proven: float | None) -> Plan:
    _check(problem, assignment)
    assignment.flags.writeable = prices.flags.writeable = False
    certificate = certify(problem, prices, assignment, proven)
    return Plan(assignment, prices, certificate, _reasons(problem, assignment))


def _check(problem: Problem, assignment: Ints) -> None:
    """Let no plan out that rounding has spoilt: SolverFailed where one breaks a limit."""
    placed = np.flatnonzero(assignment != NOWHERE)
    if not problem.eligible[placed, assignment[placed]].all():
        raise SolverFailed("a household where it may not go")
    if (problem.left(assignment) < 0).any():
        raise SolverFailed("more room taken than there is")


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
