"""An independent judge of a plan: plain loops over the arrays as they were given."""

from collections import Counter
from itertools import product
from typing import Any


def faults(given: dict[str, Any], assignment: Any) -> list[str]:
    """Return what is wrong with an assignment: form, hard criteria or room."""
    households, places = len(given["score"]), len(given["room"])
    if len(assignment) != households:
        return ["not one entry per household"]
    found, used = [], Counter[tuple[int, int]]()
    for i, j in enumerate(int(each) for each in assignment):
        if j == -1:
            continue
        if not 0 <= j < places:
            found.append(f"household {i} is nowhere that exists")
            continue
        if not given["eligible"][i][j]:
            found.append(f"household {i} may not go to {j}")
        use = given["use"][i]
        use = use[j] if getattr(use, "ndim", 1) > 1 else use
        for row, amount in enumerate(use):
            used[j, row] += int(amount)
    return found + [
        f"row {row} of municipality {j} holds {taken}"
        for (j, row), taken in used.items()
        if taken > int(given["room"][j][row])
    ]


def value(given: dict[str, Any], assignment: Any, penalty: float = 1.0) -> float:
    """Return the sum of scores minus the penalty per person unplaced."""
    return sum(
        float(given["score"][i][j]) if j >= 0 else -penalty * float(given["size"][i])
        for i, j in enumerate(int(each) for each in assignment)
    )


def best(given: dict[str, Any]) -> float:
    """Return the optimum by trying every assignment."""
    choices = range(-1, len(given["room"]))
    return max(
        value(given, tried)
        for tried in product(choices, repeat=len(given["score"]))
        if not faults(given, tried)
    )
