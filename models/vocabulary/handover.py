"""Codes of handovers and of messages to the outside."""

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


class OutboxStatus(StrEnum):
    """Where a message to the outside stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
