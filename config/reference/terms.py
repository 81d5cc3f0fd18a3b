"""Norms, count rules, schedule classes and the plan of preparation: seeds of editable rules."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from config.reference.tables import Dated, optional_date, optional_number, read_rows, yes_or_no


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm(Dated):
    """A term, ceiling or age in the unit that its code ends with (days, working_days, ...)."""

    code: str
    amount: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRule(Dated):
    """Whether moving into a kind of housing counts as realised."""

    housing_kind: str
    counts: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleClass(Dated):
    """A class of municipalities by realised persons, in percent of the monthly line."""

    code: str
    minimum_percent: int
    name_nl: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PreparationModule:
    """A module of preparation in hours; `plan_hours` is None where the plan is personal."""

    module: str
    plan_hours: int | None
    maximum_hours_per_day: int


@cache
def norms() -> tuple[Norm, ...]:
    """Return the versions of all norms."""
    return tuple(
        Norm(
            code=row["code"],
            amount=int(row["amount"]),
            source=row["source"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("norms")
    )


@cache
def count_rules() -> tuple[CountRule, ...]:
    """Return which kinds of housing count as realised, with the dates of each rule."""
    return tuple(
        CountRule(
            housing_kind=row["housing_kind"],
            counts=yes_or_no(row["counts"]),
            source=row["source"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("count_rules")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCriterion(Dated):
    """When a step of the ladder of interventions is proposed, until a province says otherwise."""

    step: int
    backlog_from: int
    missed_in_a_row: int
    registration_lag_days: int
    source: str


@cache
def ladder_criteria() -> tuple[LadderCriterion, ...]:
    """Return the criteria that every province begins with, by step."""
    return tuple(
        LadderCriterion(
            step=int(row["step"]),
            backlog_from=int(row["backlog_from"]),
            missed_in_a_row=int(row["missed_in_a_row"]),
            registration_lag_days=int(row["registration_lag_days"]),
            source=row["source"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("ladder_criteria")
    )


@cache
def schedule_classes() -> tuple[ScheduleClass, ...]:
    """Return the schedule classes, the strictest first."""
    return tuple(
        ScheduleClass(
            code=row["code"],
            minimum_percent=int(row["minimum_percent"]),
            name_nl=row["name_nl"],
            name_en=row["name_en"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_until=optional_date(row["valid_until"]),
        )
        for row in read_rows("schedule_classes")
    )


@cache
def preparation_modules() -> tuple[PreparationModule, ...]:
    """Return the modules of preparation with their planned hours."""
    return tuple(
        PreparationModule(
            module=row["module"],
            plan_hours=optional_number(row["plan_hours"]),
            maximum_hours_per_day=int(row["maximum_hours_per_day"]),
        )
        for row in read_rows("preparation_modules")
    )
