"""Codes of dwellings, offers and refusals."""

from enum import StrEnum


class DwellingType(StrEnum):
    """Types of dwelling that municipalities offer."""

    ROOM = "room"
    STUDIO = "studio"
    FLAT = "flat"
    HOUSE = "house"


class HousingKind(StrEnum):
    """Kinds of housing; the count rules say which count as realised."""

    REGULAR_HOME = "regular_home"
    TEMPORARY_SCHEME = "temporary_scheme"
    SELF_CATERING_ARRANGEMENT = "self_catering_arrangement"
    MUNICIPAL_ARRANGEMENT = "municipal_arrangement"
    TRANSIT_LOCATION = "transit_location"
    HOSTING_SCHEME = "hosting_scheme"
    RECEPTION_HOTEL = "reception_hotel"
    SMALL_SCALE_RECEPTION = "small_scale_reception"
    RECEPTION_UNIT = "reception_unit"


class TitleKind(StrEnum):
    """By what right a household lives in a dwelling."""

    LEASE = "lease"
    SPONSOR_DWELLING = "sponsor_dwelling"
    GUARDIAN_PLACEMENT = "guardian_placement"
    USE_AGREEMENT = "use_agreement"
    SELF_HOUSED = "self_housed"


class RefusalReason(StrEnum):
    """Why a household refuses an offer."""

    TOO_SMALL = "too_small"
    LOCATION = "location"
    CONDITION = "condition"
    RENT = "rent"
    MEDICAL = "medical"
    FAMILY = "family"
    SAFETY = "safety"
    OTHER = "other"


class RefusalJudgment(StrEnum):
    """What the placement officer decides about a refusal."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    ACCEPTED_AFTER_ALL = "accepted_after_all"
    ENDED = "ended"


class OfferStatus(StrEnum):
    """What became of an offered dwelling."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
