"""Norms with validity: terms, ceilings and ages, each in the unit that its code ends with."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from workflows.rules.working_days import add_working_days

MONTHS_IN_YEAR = 12


class NormCode(StrEnum):
    """The norms that the program reckons with."""

    SCREENING = "screening_days"
    LINK = "link_days"
    LEASE = "lease_days"
    MOVE = "move_days"
    MUNICIPALITY_LEASE = "municipality_lease_days"
    MUNICIPALITY_MOVE = "municipality_move_days"
    SUSPENSION_CEILING = "suspension_ceiling_days"
    HANDOVER = "handover_working_days"
    TAKE_UP = "take_up_working_days"
    JUDGE_CONTEST = "judge_contest_working_days"
    ANSWER_OFFER = "answer_offer_working_days"
    JUDGE_REFUSAL = "judge_refusal_working_days"
    REFUSAL_REACTION = "refusal_reaction_working_days"
    SIGN_OFF = "sign_off_working_days"
    CLOSE = "close_working_days"
    ASSIGN = "assign_working_days"
    REMINDER = "reminder_days"
    REMINDER_OF_ACT = "reminder_working_days"
    COORDINATOR = "coordinator_working_days"
    REGION = "region_working_days"
    HANDOVER_EXPIRY = "handover_expiry_working_days"
    HOUSEHOLD_CHANGE = "household_change_working_days"
    ADULTHOOD_NOTICE = "adulthood_notice_months"
    OUTCOME_ACCESS = "outcome_access_months"
    PLACEMENT_COUNTS_FROM = "placement_counts_from_years"
    DUTCH_LESSONS = "dutch_lessons_hours"
    SOCIETY_KNOWLEDGE = "society_knowledge_hours"
    LABOUR_ORIENTATION = "labour_orientation_hours"
    PREPARATION_DAY = "preparation_day_hours"


class Norm(Protocol):
    """One version of a norm; it holds from `valid_from` until before `valid_until`."""

    @property
    def code(self) -> str:
        """The norm's code, which ends with its unit."""

    @property
    def amount(self) -> int:
        """How many of the unit."""

    @property
    def valid_from(self) -> date:
        """The first day on which the version holds."""

    @property
    def valid_until(self) -> date | None:
        """The first day on which it no longer holds; None: it has no end."""


def norm_on(norms: Iterable[Norm], code: NormCode, day: date) -> Norm:
    """Return the version of a norm that holds on a day; LookupError when there is none."""
    for norm in norms:
        begun = norm.code == code and norm.valid_from <= day
        if begun and (norm.valid_until is None or day < norm.valid_until):
            return norm
    raise LookupError(f"no version of the norm {code} holds on {day}")


def due_date(norms: Iterable[Norm], code: NormCode, start: date) -> date:
    """Return the last day in time for a term that starts on a day, by the version of that day.

    LookupError when no version holds on `start`; ValueError for a norm that is not a term.
    """
    amount = norm_on(norms, code, start).amount
    if code.endswith("_working_days"):
        return add_working_days(start, amount)
    if code.endswith("_days"):
        return start + timedelta(days=amount)
    if code.endswith("_months"):
        return add_months(start, amount)
    raise ValueError(f"the norm {code} is not a term")


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or earlier if negative, or that month's last day."""
    years, month = divmod(day.year * MONTHS_IN_YEAR + day.month - 1 + months, MONTHS_IN_YEAR)
    last_day = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last_day))
