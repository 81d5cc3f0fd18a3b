"""The words for the groups of a report on fairness."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from models.vocabulary import (
    EducationLevel,
    FairnessDimension,
    HardCriterion,
    HouseholdType,
    Prospects,
    Sex,
)
from webapp import labels
from workflows.matching.fairness import MERGED
from workflows.matching.fairness_report import NO_CRITERION

_CODES: dict[str, type[Any]] = {
    FairnessDimension.HOUSEHOLD_TYPE: HouseholdType,
    FairnessDimension.EDUCATION: EducationLevel,
    FairnessDimension.HARD_CRITERION: HardCriterion,
    FairnessDimension.PROSPECTS: Prospects,
    FairnessDimension.SEX: Sex,
}


def group_words(group: Mapping[str, Any]) -> str:
    """Return the name of a group in the visitor's language."""
    name = str(group["group"])
    if name == MERGED:
        return str(gettext("Kleine groepen samen"))
    if name == NO_CRITERION:
        return str(gettext("Geen hard criterium"))
    kind = _CODES.get(group["dimension"])
    return name if kind is None else labels.label(name, kind)
