"""What a score is reckoned from: households with their adults, municipalities, and demand.

Nationality, religion and health are not here, so that no score can use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.vocabulary import EducationLevel, ScoreTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """A screened adult: education, jobs as (ISCO-08 unit group, years), languages, network."""

    person_id: int
    education: EducationLevel
    jobs: tuple[tuple[str, int], ...] = ()
    languages: frozenset[str] = frozenset()
    network: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """A household that looks for a municipality, with its screened adults.

    `centre` is the municipality of its reception centre.
    """

    reference: str
    persons: int
    adults: tuple[Adult, ...] = ()
    advised_regions: frozenset[int] = frozenset()
    centre: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality: its labour-market region, its tile on the map, languages with help."""

    code: str
    region: int
    column: int
    row: int
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Market:
    """Vacancies and job seekers by (region, sub-major group of ISCO-08)."""

    demand: Mapping[tuple[int, str], tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """A version of the weights; a term's share is its weight over the sum of all."""

    version: int
    terms: Mapping[ScoreTerm, int]

    def __post_init__(self) -> None:
        """Refuse weights that would not give a score; raises ValueError."""
        if set(self.terms) != set(ScoreTerm) or min(self.terms.values()) < 0:
            raise ValueError("a weight of 0 or more for each term, and no other")
        if not any(self.terms.values()):
            raise ValueError("at least one weight above 0")

    def share(self, term: ScoreTerm) -> float:
        """Return the part of the score that a term can give, between 0 and 1."""
        return self.terms[term] / sum(self.terms.values())
