"""What the fitted model learns from: the terms of the points model, and an adult's own start.

Everything here comes from `facts.py`, so that what may not count cannot be learnt.
"""

from collections.abc import Mapping

import numpy as np

from models.vocabulary import EducationLevel, ModelFeature, ScoreTerm
from workflows.matching.arrays import Floats
from workflows.matching.facts import Adult

# An adult's own start is the same in every municipality: without it, well educated adults in a
# region would make the region look good.
OF_ADULT = tuple(each.value for each in ModelFeature)
FEATURES = (*OF_ADULT, *(term.value for term in ScoreTerm))
# The start and its course in time.
OF_TIME = (ModelFeature.BASE, ModelFeature.MONTHS_12, ModelFeature.MONTHS_24)
LAST = 24
_LEVELS = tuple(EducationLevel)
# The start is left free but for a trace that keeps it finite. The rest is pulled towards nothing as
# weakly as by a normal prior with a deviation of three, so that a term that hardly varies claims
# little.
RIDGE: Floats = np.array([0.01 if name in OF_TIME else 0.1 for name in FEATURES])


def of_adult(adult: Adult, months: int) -> tuple[float, ...]:
    """Return the features that are the same everywhere, in the order of `OF_ADULT`; 0 to 1."""
    education = _LEVELS.index(adult.education) / (len(_LEVELS) - 1)
    return (1.0, float(months == 12), float(months == LAST), education, float(bool(adult.jobs)))  # noqa: PLR2004 - months


def features(adult: Adult, months: int, terms: Mapping[ScoreTerm, float]) -> tuple[float, ...]:
    """Return the features of an adult in a municipality so many months after moving in."""
    return (*of_adult(adult, months), *(terms[term] for term in ScoreTerm))
