"""Which municipalities a hard criterion of a household leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.vocabulary import HardCriterion

Regions = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The labour-market region of each place named, and the regions that have a kind of care."""

    regions: Regions = field(default_factory=dict)
    care: Mapping[str, frozenset[int]] = field(default_factory=dict)


def permits(
    criterion: Mapping[str, object], code: str, region: int, surroundings: Surroundings
) -> bool:
    """Tell whether a criterion leaves a municipality, by its code and labour-market region.

    Safety excludes the municipality that it names and reunification demands the sponsor's. Every
    other criterion demands the labour-market region of the place that it names (ADR 10);
    treatment is content with any region that has the kind of hospital, when that was recorded.
    """
    kind, place = str(criterion["criterion"]), str(criterion["municipality"])
    if kind == HardCriterion.SAFETY:
        return place != code
    if kind == HardCriterion.FAMILY_REUNIFICATION:
        return place == code
    if surroundings.regions.get(place) == region:
        return True
    care = criterion.get("care")
    return (
        kind == HardCriterion.SPECIALIST_TREATMENT
        and care is not None
        and region in surroundings.care.get(str(care), frozenset())
    )
