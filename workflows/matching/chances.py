"""What of a score tells of the chances of work, apart from somebody's ties with a place.

Network, language, advice and nearness tie a household to some municipalities: who speaks a language
with help in many has more of those points, and so have they. That is no sorting of weak households.
"""

from collections.abc import Sequence

import numpy as np

from models.vocabulary import ScoreTerm
from workflows.matching.arrays import Floats
from workflows.matching.facts import Seeker
from workflows.matching.score import ScoreModel

WORK = (ScoreTerm.OCCUPATION, ScoreTerm.EDUCATION)


def chances_of_work(model: ScoreModel, seekers: Sequence[Seeker]) -> Floats:
    """Return the points for work, those that hold anywhere included, per screened adult.

    Households x municipalities; a household without a screened adult has none: nobody
    knows its chances.
    """
    found = np.zeros((len(seekers), len(model.places)))
    for number, seeker in enumerate(seekers):
        for adult in seeker.adults:
            points = model.points(seeker, adult)
            work = points.base + sum(points.terms[term] for term in WORK)
            found[number] += work / len(seeker.adults)
    return found
