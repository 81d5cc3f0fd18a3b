"""Tests a fitted model on households that were linked after those it learnt from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from workflows.matching.arrays import Floats
from workflows.matching.fitted.features import FEATURES, OF_TIME, RIDGE
from workflows.matching.fitted.judging import (
    calibration,
    judged,
    mean_with_margin,
    surprise,
)
from workflows.matching.fitted.logistic import chances, estimate
from workflows.matching.fitted.measurements import Measured, Sample

LEARNT_PART = 0.7
# A rule of thumb of medical statistics (Peduzzi 1996): ten of the rarer outcome per coefficient.
RARER_PER_COEFFICIENT = 10
_TIMES = len(OF_TIME)
_TRACE = 0.01
RIVALS = ("fitted", "points", "nothing")


def enough(outcome: Floats) -> bool:
    """Tell whether outcomes can carry a model: both occur ten times for each coefficient."""
    found = int(outcome.sum())
    return min(found, len(outcome) - found) >= RARER_PER_COEFFICIENT * len(FEATURES)


def first_tested(measured: Sequence[Measured]) -> date | None:
    """Return the day from which linked households test; None when all were linked on one day.

    Households are on one side of it with all their measurements.
    """
    links = sorted({each.household: each.linked_on for each in measured}.values())
    if not links or links[0] == links[-1]:
        return None
    day = links[int(LEARNT_PART * len(links))]
    return day if day > links[0] else min(each for each in links if each > day)


def backtest(measured: Sequence[Measured]) -> dict[str, Any] | None:
    """Return how the fitted model, the points and neither do on later households; None if too few.

    The points become chances by a logistic curve that is fitted on the same earlier households.
    `gain` is by how much less the fitted model is surprised than the points, per measurement.
    """
    day = first_tested(measured)
    if day is None:
        return None
    earlier = Sample.of([each for each in measured if each.linked_on < day])
    later = [each for each in measured if each.linked_on >= day]
    sample = Sample.of(later)
    if not enough(earlier.outcome) or len(set(sample.outcome)) < len((0, 1)):
        return None
    said = _said(earlier, sample)
    gain, margin = mean_with_margin(
        surprise(sample.outcome, said["points"]) - surprise(sample.outcome, said["fitted"]),
        sample.household,
    )
    return {
        "from": day.isoformat(),
        "learnt": len(earlier.outcome),
        "tested": len(sample.outcome),
        "households": len(set(sample.household)),
        "rivals": {name: judged(sample.outcome, said[name]).as_json() for name in RIVALS},
        "gain": gain,
        "margin": margin,
        "calibration": calibration(sample.outcome, said["fitted"]),
        "chances": [float(each) for each in said["fitted"]],
    }


def _said(earlier: Sample, later: Sample) -> dict[str, Floats]:
    """Return the chance of each later measurement by each rival."""
    ridges = {
        "fitted": RIDGE,
        "points": np.full(_TIMES + 1, _TRACE),
        "nothing": np.full(_TIMES, _TRACE),
    }
    found = {}
    for name, ridge in ridges.items():
        learnt = estimate(_design(earlier, name), earlier.outcome, ridge, earlier.household)
        found[name] = chances(_design(later, name), learnt.coefficients)
    return found


def _design(sample: Sample, name: str) -> Floats:
    times = sample.design[:, :_TIMES]
    if name == "nothing":
        return times
    return np.column_stack([times, sample.points]) if name == "points" else sample.design
