"""Codes of links, their contests and proposals."""

from enum import StrEnum


class LinkOverride(StrEnum):
    """Why a link may run ahead of the room of a municipality."""

    HARD_CRITERION = "hard_criterion"
    MUNICIPAL_CONSENT = "municipal_consent"


class ContestGround(StrEnum):
    """On what ground a municipality contests a link."""

    HARD_CRITERION_OVERLOOKED = "hard_criterion_overlooked"
    HOUSEHOLD_COMPOSITION_WRONG = "household_composition_wrong"
    SAFETY = "safety"


class ReleaseReason(StrEnum):
    """Why a link ends without housing."""

    CONTEST_UPHELD = "contest_upheld"
    HOUSEHOLD_CHANGED = "household_changed"
    NO_SUITABLE_HOUSING = "no_suitable_housing"
    SAFETY = "safety"
    SELF_HOUSED = "self_housed"
    LINKED_IN_ERROR = "linked_in_error"


class DepartureReason(StrEnum):
    """Why an officer links elsewhere than was proposed."""

    DWELLING_AVAILABLE = "dwelling_available"
    MUNICIPALITY_ASKED = "municipality_asked"
    NETWORK_NOT_RECORDED = "network_not_recorded"
    WORK_NOT_RECORDED = "work_not_recorded"
    SAFETY = "safety"
    OTHER = "other"


class RunKind(StrEnum):
    """What a run of the matching is for."""

    BATCH = "batch"
    WHAT_IF = "what_if"


class RunStatus(StrEnum):
    """Where a run of the matching or of the integrity check stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ProposalStatus(StrEnum):
    """What became of a proposed link."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DEPARTED = "departed"
    INVALID = "invalid"
