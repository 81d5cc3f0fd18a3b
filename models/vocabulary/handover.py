"""Codes of warm handovers."""

from enum import StrEnum


class HandoverOutcome(StrEnum):
    """How the handover of a closed case went."""

    COMPLETED = "completed"
    NOT_HELD = "not_held"


class LegalGround(StrEnum):
    """Why personal data may be handed over (article 6 of the GDPR)."""

    PUBLIC_TASK = "public_task"
    LEGAL_OBLIGATION = "legal_obligation"
    CONSENT = "consent"


class RejectionReason(StrEnum):
    """Why a municipality does not take a household over."""

    INCOMPLETE = "incomplete"
    HOUSEHOLD_DIFFERS = "household_differs"
    NOT_OURS = "not_ours"
    OTHER = "other"


class WithdrawalReason(StrEnum):
    """Why a sender takes an offered handover back."""

    INCOMPLETE = "incomplete"
    TOO_EARLY = "too_early"
    OTHER = "other"


class HandoverEnd(StrEnum):
    """Why a handover ended before it was completed: by a choice, or because the case changed."""

    INCOMPLETE = "incomplete"
    HOUSEHOLD_DIFFERS = "household_differs"
    NOT_OURS = "not_ours"
    TOO_EARLY = "too_early"
    OTHER = "other"
    HOUSEHOLD_CHANGED = "household_changed"
    LINK_ENDED = "link_ended"
    CASE_ENDED = "case_ended"
    CASE_CLOSED = "case_closed"


class InterviewForm(StrEnum):
    """How the three parties of a handover meet."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class InterviewAbsence(StrEnum):
    """Why no three-way interview was held."""

    HOUSEHOLD_DECLINED = "household_declined"
    NOT_REACHED = "not_reached"
    NO_INTERPRETER = "no_interpreter"
    NO_TIME = "no_time"
    OTHER = "other"


class HandoverParty(StrEnum):
    """Who takes part in a handover interview, or has something to do after it."""

    HOUSEHOLD = "household"
    AGENCY = "agency"
    MUNICIPALITY = "municipality"
    OTHER = "other"


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


OPEN_HANDOVER = (
    HandoverState.DRAFT,
    HandoverState.OFFERED,
    HandoverState.QUESTION,
    HandoverState.ANSWERED,
    HandoverState.ACCEPTED,
)
# What the receiver may still accept or reject.
PENDING_HANDOVER = (HandoverState.OFFERED, HandoverState.QUESTION, HandoverState.ANSWERED)
# From acceptance on the municipality is responsible.
ACCEPTED_HANDOVER = (HandoverState.ACCEPTED, HandoverState.COMPLETED)
