"""The ladder as the supervisor of a province sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models import Excusability, LadderDecision, LadderProposal, Municipality, User
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.territory import territory


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
    proposals = _proposals(connection, codes)
    decisions = _decisions(connection, codes)
    figures = _figures(connection, codes)
    return [
        Supervised(
            each, name, proposals.get(each, []), decisions.get(each, []), figures.get(each, [])
        )
        for each, name in towns
    ]


def _proposals(connection: Connection, codes: list[str]) -> dict[str, list[ProposalView]]:
    row = LadderProposal
    found: dict[str, list[ProposalView]] = {}
    rows: Any = connection.execute(
        select(
            row.municipality_code,
            row.half_year,
            row.step,
            row.valid,
            row.known,
            row.grounds,
            row.computed_at,
        )
        .where(row.municipality_code.in_(codes))
        .order_by(row.id.desc())
    )
    for code, *values in rows:
        found.setdefault(code, []).append(ProposalView(*values))
    return found


def _decisions(connection: Connection, codes: list[str]) -> dict[str, list[DecisionView]]:
    row = LadderDecision
    found: dict[str, list[DecisionView]] = {}
    rows: Any = connection.execute(
        select(
            row.municipality_code,
            row.step,
            row.decided_on,
            row.reason,
            User.name,
            row.recorded_at,
        )
        .join(User, User.id == row.recorded_by)
        .where(row.municipality_code.in_(codes))
        .order_by(row.decided_on.desc(), row.id.desc())
    )
    for code, *values in rows:
        found.setdefault(code, []).append(DecisionView(*values))
    return found


def _figures(connection: Connection, codes: list[str]) -> dict[str, list[ExcusabilityView]]:
    row = Excusability
    found: dict[str, list[ExcusabilityView]] = {}
    rows: Any = connection.execute(
        select(
            row.municipality_code,
            row.on_date,
            row.known,
            row.corrected_quota,
            row.realised,
            row.open_reservations,
            row.shortfall,
        )
        .where(row.municipality_code.in_(codes))
        .order_by(row.on_date.desc(), row.id.desc())
    )
    for code, *values in rows:
        found.setdefault(code, []).append(ExcusabilityView(*values))
    return found
