"""Whether a model is right for each group; sex is read here for the audit and nowhere learnt."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from models import Person
from models.vocabulary import FairnessDimension
from workflows.flow.groups import LEAST
from workflows.matching.arrays import Floats
from workflows.matching.fairness import MERGED
from workflows.matching.fitted.measurements import Measured

# Among some tens of groups, chance alone leads past three standard errors about once in ten
# reports.
_UNUSUAL = 3.0
Groups = dict[str, list[int]]


def audited(
    connection: Connection, tested: Sequence[Measured], chances: Floats
) -> list[dict[str, Any]]:
    """Return by group how many were expected to work or study, and how many do.

    `unusual` says that chance hardly explains the difference. Groups of fewer than ten households
    are one together; if that is too small too, it is left out.
    """
    outcome = np.array([each.positive for each in tested], dtype=np.float64)
    found = []
    for dimension, groups in _dimensions(connection, tested):
        for name, members in sorted(_merged(groups, tested).items()):
            expected = float(chances[members].sum())
            spread = float(np.sqrt((chances[members] * (1 - chances[members])).sum()))
            counted = int(outcome[members].sum())
            found.append(
                {
                    "dimension": dimension.value,
                    "group": name,
                    "measurements": len(members),
                    "expected": expected,
                    "found": counted,
                    "unusual": abs(counted - expected) > _UNUSUAL * spread,
                }
            )
    return found


def _dimensions(
    connection: Connection, tested: Sequence[Measured]
) -> Iterator[tuple[FairnessDimension, Groups]]:
    persons = {each.adult.person_id for each in tested}
    rows = connection.execute(select(Person.id, Person.sex).where(Person.id.in_(persons)))
    sexes = {row.id: row.sex for row in rows}
    sex: Groups = defaultdict(list)
    education: Groups = defaultdict(list)
    language: Groups = defaultdict(list)
    for number, each in enumerate(tested):
        sex[sexes[each.adult.person_id]].append(number)
        education[each.adult.education].append(number)
        for spoken in each.adult.languages:
            language[spoken].append(number)
    yield FairnessDimension.SEX, sex
    yield FairnessDimension.EDUCATION, education
    yield FairnessDimension.LANGUAGE, language


def _merged(groups: Groups, tested: Sequence[Measured]) -> Groups:
    """Put groups of fewer than ten households together, and leave out what stays too small."""
    found: dict[str, set[int]] = defaultdict(set)
    for name, members in groups.items():
        small = _households(members, tested) < LEAST
        found[MERGED if small else name].update(members)
    return {
        name: sorted(members)
        for name, members in found.items()
        if _households(sorted(members), tested) >= LEAST
    }


def _households(members: Sequence[int], tested: Sequence[Measured]) -> int:
    return len({tested[number].household for number in members})
