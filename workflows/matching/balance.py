"""How level a plan leaves the municipalities: the part of its quota that each has done."""

import numpy as np

from workflows.matching.arrays import NOWHERE
from workflows.matching.assemble import Assembled
from workflows.matching.solve import Plan


def filled(assembled: Assembled, plan: Plan) -> dict[str, float]:
    """Return the least, the fifth percentile and the median of what municipalities have done.

    That is what is realised, reserved and proposed, as a part of the quota; municipalities that
    are exempt or have no quota are left out.
    """
    problem, scene = assembled.problem, assembled.scene
    placed = plan.assignment != NOWHERE
    added = np.zeros(problem.places)
    np.add.at(added, plan.assignment[placed], problem.size[placed])
    parts = [
        (max(room.used, 0) + added[number]) / room.obliged
        for number, room in enumerate(scene.rooms[place.code] for place in scene.places)
        if room.obliged > 0 and not room.exempt
    ]
    if not parts:
        return {}
    least, fifth, median = np.quantile(parts, (0, 0.05, 0.5))
    return {"least": float(least), "p5": float(fifth), "median": float(median)}
