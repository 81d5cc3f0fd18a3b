"""A forecast of arrivals, drawn to what was seen of them."""

import numpy as np

from workflows.matching.arrays import Floats


def corrected(forecast: Floats, expected: Floats, seen: Floats) -> Floats:
    """Return a forecast by kind of household, corrected by what was seen so far.

    `expected` is what the forecast said for the time gone by, and `seen` what arrived. The
    correction of all kinds together grows with what was seen, and each kind's own with its share;
    like a forecast worth as much as a hundred arrivals.
    """
    together = _ratio(seen.sum(), expected.sum())
    return np.asarray(forecast * together * _ratio(seen, expected * together))


_WORTH = 100.0


def _ratio(seen: Floats, expected: Floats) -> Floats:
    return np.asarray((seen + _WORTH) / (np.asarray(expected) + _WORTH))
