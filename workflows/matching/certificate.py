"""What a plan proves of itself: no plan is better than its bound, and where the gap lies."""

from dataclasses import dataclass

from workflows.matching.arrays import Floats, Ints
from workflows.matching.pricing import bound, chosen_regrets, regrets
from workflows.matching.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """The value of a plan beside what no plan exceeds.

    `price_bound` follows from the prices alone, and `price_bound - objective` is exactly the
    regret of all households plus the priced room that stays unused (`regret`, `unused`). `bound`
    is the lower of it and what an integer program proved; `optimal` says that nothing is better.
    """

    objective: float
    bound: float
    price_bound: float
    regret: Floats
    unused: Floats
    optimal: bool

    @property
    def gap(self) -> float:
        """Return how much a better plan could gain at most."""
        return self.bound - self.objective


def certify(
    problem: Problem, prices: Floats, assignment: Ints, proven: float | None = None
) -> Certificate:
    """Make the certificate of an assignment from prices (none negative).

    `proven` is a bound from an integer program that left out no pair which could matter.
    """
    objective = problem.objective(assignment)
    regret, unplaced = regrets(problem, prices)
    price_bound = bound(problem, prices)
    tolerance = 1e-6 * max(1.0, abs(objective))
    lowest = price_bound if proven is None else max(min(price_bound, proven), objective)
    return Certificate(
        objective=objective,
        bound=lowest,
        price_bound=price_bound,
        regret=chosen_regrets(regret, unplaced, assignment),
        unused=problem.left(assignment) * prices,
        optimal=lowest - objective <= tolerance,
    )
