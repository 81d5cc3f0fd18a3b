"""Codes of terms, and of what is told when one comes near or passes."""

from enum import StrEnum


class Term(StrEnum):
    """What must be done by a day; at most five run on a case at once, beside its handover."""

    SCREENING = "screening"
    LINK = "link"
    LEASE = "lease"
    MOVE = "move"
    MUNICIPALITY_LEASE = "municipality_lease"
    MUNICIPALITY_MOVE = "municipality_move"
    SIGN_OFF = "sign_off"
    CLOSE = "close"
    REACTION = "reaction"
    TAKE_UP = "take_up"
    JUDGE_CONTEST = "judge_contest"
    ANSWER_OFFER = "answer_offer"
    JUDGE_REFUSAL = "judge_refusal"
    RESUME = "resume"
    ASSIGN = "assign"
    HANDOVER = "handover"
    TASK = "task"


# The term of a case's own clock, from the permit to the end.
CASE_TERMS = (
    Term.SCREENING,
    Term.LINK,
    Term.LEASE,
    Term.MOVE,
    Term.SIGN_OFF,
    Term.REACTION,
)
# The municipality's own, from the link: a late link is not charged to it.
MUNICIPAL_TERMS = (Term.MUNICIPALITY_LEASE, Term.MUNICIPALITY_MOVE)
# The term of the act that a case waits for, in working days.
ACT_TERMS = (
    Term.TAKE_UP,
    Term.JUDGE_CONTEST,
    Term.ANSWER_OFFER,
    Term.JUDGE_REFUSAL,
    Term.CLOSE,
)


class AlertStage(StrEnum):
    """How far an alert goes: whoever is to act, the coordinator, the COA region."""

    REMINDER = "reminder"
    COORDINATOR = "coordinator"
    REGION = "region"
