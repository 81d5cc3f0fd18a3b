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
