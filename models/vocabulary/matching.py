"""Codes of what a promising link is reckoned from."""

from enum import StrEnum


class HospitalKind(StrEnum):
    """Kinds of hospital that not every region has."""

    ACADEMIC = "academic"
    BURNS = "burns"
    REHABILITATION = "rehabilitation"
    PSYCHOTRAUMA = "psychotrauma"


class SupplyKind(StrEnum):
    """Kinds of dwelling that a municipality expects to have: for whom they are."""

    ONE_PERSON = "one_person"
    FAMILY = "family"
    LARGE_FAMILY = "large_family"
    ACCESSIBLE = "accessible"


class Exclusion(StrEnum):
    """Why a household cannot be linked to a municipality."""

    CLOSED = "closed"
    EXEMPT = "exempt"
    HARD_CRITERION = "hard_criterion"
    NO_ROOM = "no_room"
    NO_DWELLING = "no_dwelling"


class ScoreTerm(StrEnum):
    """What the score of a household in a municipality is made of."""

    OCCUPATION = "occupation"
    EDUCATION = "education"
    NETWORK = "network"
    LANGUAGE = "language"
    ADVICE = "advice"
    NEARNESS = "nearness"


class ModelFeature(StrEnum):
    """What the fitted model knows of an adult anywhere, beside the terms of the score."""

    BASE = "base"
    MONTHS_12 = "months_12"
    MONTHS_24 = "months_24"
    OWN_EDUCATION = "own_education"
    OWN_EXPERIENCE = "own_experience"


class FairnessDimension(StrEnum):
    """By what the report on fairness groups; sex and language are audited and never score."""

    HOUSEHOLD_TYPE = "household_type"
    EDUCATION = "education"
    HARD_CRITERION = "hard_criterion"
    PROSPECTS = "prospects"
    SEX = "sex"
    LANGUAGE = "language"


class Prospects(StrEnum):
    """Thirds of the households by their average score over all municipalities."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class HouseholdMix(StrEnum):
    """Sizes of household of which a municipality should have a mix."""

    SINGLE = "single"
    FAMILY = "family"
    LARGE_FAMILY = "large_family"
