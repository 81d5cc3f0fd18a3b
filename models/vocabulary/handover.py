"""Codes of warm handovers."""

from enum import StrEnum


class HandoverOutcome(StrEnum):
    """How the handover of a closed case went."""

    COMPLETED = "completed"
    NOT_HELD = "not_held"


class HandoverState(StrEnum):
    """Where a warm handover stands."""

    DRAFT = "draft"
    OFFERED = "offered"
    QUESTION = "question"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
