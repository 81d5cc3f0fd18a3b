"""The ladder as the supervisor of a province sees it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from models import Excusability, LadderDecision, LadderProposal, Municipality, User
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.territory import territory

View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A stored proposal with its grounds."""

    half_year: str
    step: int
    valid: date
    known: datetime
    grounds: dict[str, Any]
    computed_at: datetime

    @property
    def backlog(self) -> int:
        """Return the backlog at the end of the half-year in persons."""
        return int(self.grounds["backlog"])

    @property
    def missed_in_a_row(self) -> int:
        """Return the half-years missed in a row."""
        return int(self.grounds["missed_in_a_row"])


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A recorded step."""

    step: int
    decided_on: date
    reason: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ExcusabilityView:
    """A stored figure with its inputs, in persons."""

    on_date: date
    known: datetime
    corrected_quota: int
    realised: int
    open_reservations: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class Supervised:
    """A municipality under supervision; lists have the newest first."""

    code: str
    name: str
    proposals: list[ProposalView]
    decisions: list[DecisionView]
    excusabilities: list[ExcusabilityView]

    @property
    def step(self) -> int:
        """Return the step that holds: the newest decision's, or none."""
        return self.decisions[0].step if self.decisions else 0


def supervised(connection: Connection, actor: Actor, code: str | None = None) -> list[Supervised]:
    """Return the municipalities of the actor's provinces by name; raises `NotFound`."""
    own = territory(actor, Permission.SUPERVISE)
    statement = (
        select(Municipality.code, Municipality.name)
        .where(own.clause(Municipality.code))
        .order_by(Municipality.name)
    )
    if code is not None:
        statement = statement.where(Municipality.code == code)
    towns = [(row[0], row[1]) for row in connection.execute(statement)]
    if code is not None and not towns:
        raise NotFound
    codes = [each for each, _ in towns]
    proposals = _by_town(connection, _proposals(codes), ProposalView)
    decisions = _by_town(connection, _decisions(codes), DecisionView)
    figures = _by_town(connection, _figures(codes), ExcusabilityView)
    return [
        Supervised(each, name, proposals[each], decisions[each], figures[each])
        for each, name in towns
    ]


def _by_town(
    connection: Connection, statement: Select[*tuple[Any, ...]], view: Callable[..., View]
) -> defaultdict[str, list[View]]:
    """Return the rows of a statement that begins with the code of a municipality, by that code."""
    found: defaultdict[str, list[View]] = defaultdict(list)
    for code, *values in connection.execute(statement):
        found[code].append(view(*values))
    return found


def _proposals(codes: list[str]) -> Select[*tuple[Any, ...]]:
    row = LadderProposal
    columns = (row.half_year, row.step, row.valid, row.known, row.grounds, row.computed_at)
    return (
        select(row.municipality_code, *columns)
        .where(row.municipality_code.in_(codes))
        .order_by(row.id.desc())
    )


def _decisions(codes: list[str]) -> Select[*tuple[Any, ...]]:
    row = LadderDecision
    columns = (row.step, row.decided_on, row.reason, User.name, row.recorded_at)
    return (
        select(row.municipality_code, *columns)
        .join(User, User.id == row.recorded_by)
        .where(row.municipality_code.in_(codes))
        .order_by(row.decided_on.desc(), row.id.desc())
    )


def _figures(codes: list[str]) -> Select[*tuple[Any, ...]]:
    row = Excusability
    inputs = (row.corrected_quota, row.realised, row.open_reservations, row.shortfall)
    return (
        select(row.municipality_code, row.on_date, row.known, *inputs)
        .where(row.municipality_code.in_(codes))
        .order_by(row.on_date.desc(), row.id.desc())
    )
