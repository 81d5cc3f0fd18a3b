"""How level a plan leaves the municipalities: the part of its quota that each has done."""

import numpy as np

from workflows.matching.arrays import NOWHERE
from workflows.matching.assemble import Assembled
from workflows.matching.solve import Plan


def fill(assembled: Assembled, plan: Plan) -> dict[str, float]:
    """Return the least, the fifth percentile and the median of what municipalities have done.

    That is what is realised, reserved and proposed, as a part of the quota up to the last
    half-year in which a household of the plan moves. Municipalities that are exempt or have no
    quota are left out; nothing when that leaves none.
    """
    problem, scene = assembled.problem, assembled.scene
    placed = plan.assignment != NOWHERE
    added = np.zeros(problem.places)
    np.add.at(added, plan.assignment[placed], problem.size[placed])
    rooms = [scene.rooms[place.code] for place in scene.places]
    obliged = [0 if room.exempt else room.obliged_until(max(scene.moves)) for room in rooms]
    parts = [
        (room.used + more) / quota
        for room, more, quota in zip(rooms, added, obliged, strict=True)
        if quota > 0
    ]
    if not parts:
        return {}
    least, fifth, median = np.quantile(parts, (0, 0.05, 0.5))
    return {"least": float(least), "p5": float(fifth), "median": float(median)}
