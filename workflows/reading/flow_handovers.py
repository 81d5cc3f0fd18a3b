"""The rate of warm handovers held, for all and per municipality or sender."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from models import Case, Handover, Municipality, Organisation
from models.vocabulary import HandoverOutcome, InterviewAbsence
from workflows.actor import Actor
from workflows.flow.groups import Group, merge_small
from workflows.flow.stages import percentile
from workflows.reading.flow import seen
from workflows.reading.handing import (
    Absence,
    NoInterview,
    closed_lately,
    interview_days,
    sender,
)


@dataclass(slots=True)
class Handing:
    """Households closed in the last 52 weeks, those handed over in an interview and the others.

    `keys` are the municipality codes or sender keys that are counted together; `days` counts the
    interviews by days from link to interview.
    """

    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    cases: int = 0
    persons: int = 0
    held: int = 0
    absences: Counter[Absence] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    @property
    def not_held(self) -> int:
        """The households without an interview."""
        return self.cases - self.held

    @property
    def rate_percent(self) -> int:
        """The share with an interview, in whole percents."""
        return round(100 * self.held / self.cases) if self.cases else 0

    @property
    def median_days(self) -> float | None:
        """Half of the interviews were within these days of the link; None without any."""
        return percentile(sorted(self.days.items()), 0.5) if self.days else None

    def add(self, other: "Handing") -> None:
        """Count another group along."""
        self.cases += other.cases
        self.persons += other.persons
        self.held += other.held
        self.absences += other.absences
        self.days += other.days


def handed_over_all(connection: Connection, actor: Actor, today: date) -> Handing:
    """Return the rate over all cases that the actor may count; raises `NotFound` otherwise."""
    return _by(connection, actor, today, literal("")).get("", Handing())


def handed_over_to(connection: Connection, actor: Actor, today: date) -> list[Handing]:
    """Return the rates per municipality; raises as `handed_over_all` does."""
    found = _by(connection, actor, today, Case.__table__.c.municipality_code)
    names = connection.execute(
        select(Municipality.code, Municipality.name).where(Municipality.code.in_(found))
    )
    return _merged(found, {row.code: row.name for row in names})


def handed_over_by(connection: Connection, actor: Actor, today: date) -> list[Handing]:
    """Return the rates per reception centre, or region without one; raises likewise."""
    found = _by(connection, actor, today, sender())
    keys = [int(key) for key in found]
    names = connection.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    )
    return _merged(found, {str(key): name for key, name in names})


def _by(
    connection: Connection, actor: Actor, today: date, key: ColumnElement[Any]
) -> dict[str, Handing]:
    named = key.label("key")
    days = interview_days().label("days")
    kinds = (Case.handover_outcome, Handover.interview_absence)
    found: dict[str, Handing] = defaultdict(Handing)
    for each in connection.execute(
        select(named, *kinds, days, func.count(), func.sum(Case.persons))
        .outerjoin(Handover, Handover.id == Case.handover_id)
        .where(*closed_lately(today), seen(actor, today))
        .group_by("key", *kinds, "days")
    ):
        part = Handing(cases=int(each[4]), persons=int(each[5]))
        if each[1] == HandoverOutcome.COMPLETED:
            part.held = part.cases
            part.days[int(each[3])] = part.cases
        else:
            why = InterviewAbsence(each[2]) if each[2] else NoInterview.NO_HANDOVER
            part.absences[why] = part.cases
        found[str(each[0])].add(part)
    return dict(found)


def _merged(found: dict[str, Handing], names: dict[str, str]) -> list[Handing]:
    """Return the groups, the lowest rate first, with small ones merged into one at the end."""
    groups = merge_small(Group((key,), each.cases, each.persons) for key, each in found.items())
    rows = [
        _together(group.codes, tuple(names.get(code, code) for code in group.codes), found)
        for group in groups
    ]
    return sorted(rows, key=lambda row: (len(row.keys) > 1, row.rate_percent, row.names))


def _together(codes: Iterable[str], names: tuple[str, ...], found: dict[str, Handing]) -> Handing:
    made = Handing(tuple(codes), names)
    for code in made.keys:
        made.add(found[code])
    return made
