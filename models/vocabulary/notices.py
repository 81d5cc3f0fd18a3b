"""Codes of notices to people, and of messages to other systems."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about; a user chooses mail per kind."""

    LINK = "link"
    HOUSING = "housing"
    HOUSEHOLD = "household"
    HANDOVER = "handover"
    DEADLINE = "deadline"
    TASK = "task"


class NoticeTiming(StrEnum):
    """Whether a user wants mail about a kind of notice, and when."""

    NEVER = "never"
    AT_ONCE = "at_once"
    DAILY = "daily"


class Channel(StrEnum):
    """Ways in which a message leaves the program."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class DeliveryStatus(StrEnum):
    """Where a delivery stands; kept: no mail server was set, so it stands in the program only."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    KEPT = "kept"


class DeliveryOutcome(StrEnum):
    """How an attempt to deliver went."""

    DELIVERED = "delivered"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    ADDRESS_REFUSED = "address_refused"
    CERTIFICATE_REFUSED = "certificate_refused"
    REDIRECTED = "redirected"
    ANSWER_TOO_LARGE = "answer_too_large"
    REFUSED = "refused"
    RECIPIENT_REFUSED = "recipient_refused"
    NOT_SET_UP = "not_set_up"
    NOT_ALLOWED = "not_allowed"
