"""The flow as counts: in and out per week, who is in reception and who is delayed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, union_all

from models import Case, Membership, Person
from models.vocabulary import LIVE_STATES, CaseState, EndReason, HouseholdType, StayPlace
from workflows.actor import Actor
from workflows.flow.groups import Group
from workflows.reading.flow import seen
from workflows.reading.flow_list import Counted, Selection, still_counted

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Week:
    """Households and persons that came, were housed or ended in the week from a Monday."""

    starts_on: date
    registered: Counted
    housed: Counted
    ended: Counted


@dataclass(frozen=True, slots=True)
class Delay:
    """Permit holders still in reception, and those whose permit is older than the term to move.

    `groups` divides the delayed by household type.
    """

    in_reception: Counted
    delayed: Counted
    singles: Counted
    groups: list[Group]

    @property
    def singles_percent(self) -> int:
        """The share of singles among the delayed persons, in whole percents."""
        return (
            round(100 * self.singles.persons / self.delayed.persons) if self.delayed.persons else 0
        )


def weeks(connection: Connection, actor: Actor, today: date) -> list[Week]:
    """Return the last eight weeks, the present one included, the newest first."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=number) for number in range(WEEKS)]
    ended = and_(Case.state == CaseState.ENDED, Case.end_reason != EndReason.MERGED)
    kinds: list[tuple[str, Any, list[ColumnElement[bool]]]] = [
        ("registered", Case.registered_on, []),
        ("housed", Case.housed_on, []),
        ("ended", Case.finished_on, [ended]),
    ]
    selects = [
        select(literal(kind), column, func.count(), func.sum(Case.persons))
        .where(
            column >= starts[-1],
            column < monday + timedelta(weeks=1),
            seen(actor, today),
            *clauses,
        )
        .group_by(column)
        for kind, column, clauses in kinds
    ]
    found: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for kind, day, cases, persons in connection.execute(union_all(*selects)):
        counted = found[kind, day - timedelta(days=day.weekday())]
        counted[0] += cases
        counted[1] += persons
    return [
        Week(start, *(Counted(*found[kind, start]) for kind, _, _ in kinds)) for start in starts
    ]


def delay(connection: Connection, actor: Actor, today: date, move_days: int) -> Delay:
    """Return who is still in a reception centre and who is delayed: permit + term < today.

    Real days count, suspended or not; each permit holder has a permit date of their own.
    """
    late = func.count().filter(Person.permit_on < today - timedelta(days=move_days))
    members = (
        select(Membership.case_id, func.count().label("persons"), late.label("late"))
        .join(Person, Person.id == Membership.person_id)
        .where(*still_counted())
        .group_by(Membership.case_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            Case.household_type,
            func.count(),
            func.sum(members.c.persons),
            func.count().filter(members.c.late > 0),
            func.sum(members.c.late),
        )
        .join(members, members.c.case_id == Case.id)
        .where(
            Case.state.in_(LIVE_STATES),
            Case.stay_place == StayPlace.CENTRE,
            seen(actor, today),
        )
        .group_by(Case.household_type)
    ).all()
    groups = [Group((row[0],), row[3], int(row[4])) for row in rows if row[4]]
    single = next((group for group in groups if group.codes == (HouseholdType.SINGLE,)), None)
    return Delay(
        in_reception=Counted(sum(row[1] for row in rows), int(sum(row[2] for row in rows))),
        delayed=Counted(sum(group.cases for group in groups), sum(g.persons for g in groups)),
        singles=Counted(single.cases, single.persons) if single else Counted(0, 0),
        groups=groups,
    )


def delayed_selection(today: date, move_days: int, *household_types: HouseholdType) -> Selection:
    """Return the selection whose persons are those that `delay` counts as delayed."""
    return Selection(
        reception=True,
        permit_before=today - timedelta(days=move_days),
        household_types=household_types,
    )
