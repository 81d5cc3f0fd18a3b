"""How often officers link elsewhere than was proposed, and what became of both."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, select

from models import Case, CaseEvent, Municipality, Organisation, Proposal
from workflows import policy
from workflows.actor import Actor
from workflows.flow.groups import Group, merge_small
from workflows.permissions import Permission
from workflows.reading.decided import (
    LaterLife,
    LinkOutcome,
    decided_lately,
    decided_on,
    later_life,
    link_outcome,
    proposal_of_link,
)


class By(StrEnum):
    """What departures are told by."""

    REASON = "reason"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class DecidedLink:
    """A link on a proposal; `reason` None where the proposal was followed."""

    case_id: int
    persons: int
    reason: str | None
    municipality: str
    organisation: int
    day: date
    outcome: str
    recorded: bool
    working: bool

    @property
    def week(self) -> date:
        """The first day of the week of the link."""
        return self.day - timedelta(days=self.day.weekday())


@dataclass(slots=True)
class Tally:
    """Households that were linked on a proposal, and those of them that were linked elsewhere.

    A household that was linked twice counts once in each number, so that a number is that of its
    list. `keys` are counted together.
    """

    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    households: dict[int, int] = field(default_factory=dict)
    departed: set[int] = field(default_factory=set)
    outcomes: dict[LinkOutcome, set[int]] = field(default_factory=lambda: defaultdict(set))
    later: dict[LaterLife, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, link: DecidedLink) -> None:
        """Count a link along."""
        self.households[link.case_id] = link.persons
        if link.reason is not None:
            self.departed.add(link.case_id)
        self.outcomes[LinkOutcome(link.outcome)].add(link.case_id)
        for later, holds in (
            (LaterLife.RECORDED, link.recorded),
            (LaterLife.WORKING, link.working),
        ):
            if holds:
                self.later[later].add(link.case_id)

    @property
    def rate_percent(self) -> int:
        """The share that was linked elsewhere than proposed, in whole percents."""
        return round(100 * len(self.departed) / len(self.households)) if self.households else 0


@dataclass(frozen=True, slots=True)
class Departures:
    """All links on a proposal, those that followed it and those that did not, and the groups."""

    whole: Tally
    followed: Tally
    departed: Tally
    groups: list[Tally]


def departures(connection: Connection, actor: Actor, today: date, by: By) -> Departures:
    """Return the links on a proposal of the last 26 weeks; raises `NotFound` without the right.

    Groups of fewer than ten persons stand together, but for reasons and weeks, which tell of no
    place. Reasons hold departures only.
    """
    links = _links(connection, actor, today)
    chosen = [each for each in links if each.reason is not None] if by is By.REASON else links
    found = _grouped(chosen, _KEYS[by])
    if by in {By.REASON, By.WEEK}:
        groups = [_counted((key,), found) for key in sorted(found, reverse=by is By.WEEK)]
    else:
        groups = _merged(found, _names(connection, by, found))
    return Departures(
        whole=_tally(links),
        followed=_tally(each for each in links if each.reason is None),
        departed=_tally(each for each in links if each.reason is not None),
        groups=groups,
    )


_KEYS: dict[By, Callable[[DecidedLink], str]] = {
    By.REASON: lambda link: str(link.reason),
    By.MUNICIPALITY: lambda link: link.municipality,
    By.ORGANISATION: lambda link: str(link.organisation),
    By.WEEK: lambda link: link.week.isoformat(),
}


def _links(connection: Connection, actor: Actor, today: date) -> list[DecidedLink]:
    policy.demand(actor, Permission.VIEW_DEPARTURES)
    rows = connection.execute(
        select(
            Case.id,
            Case.persons,
            Proposal.departure,
            Proposal.municipality_code,
            CaseEvent.organisation_id,
            decided_on(),
            link_outcome(),
            later_life(LaterLife.RECORDED),
            later_life(LaterLife.WORKING),
        )
        .select_from(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .join(Proposal, proposal_of_link())
        .where(*decided_lately(today), policy.visible(actor, Permission.VIEW_DEPARTURES, today))
        .order_by(CaseEvent.id)
    )
    return [DecidedLink(*row) for row in rows]


Grouped = dict[str, list[DecidedLink]]


def _grouped(links: Iterable[DecidedLink], key: Callable[[DecidedLink], str]) -> Grouped:
    found: Grouped = defaultdict(list)
    for each in links:
        found[key(each)].append(each)
    return found


def _tally(links: Iterable[DecidedLink]) -> Tally:
    made = Tally()
    for each in links:
        made.add(each)
    return made


def _counted(keys: tuple[str, ...], found: Grouped) -> Tally:
    made = _tally(link for key in keys for link in found[key])
    made.keys = keys
    return made


def _merged(found: Grouped, names: dict[str, str]) -> list[Tally]:
    """Return the groups, the highest rate first, with small ones as one at the end."""
    sizes = {key: _tally(links).households for key, links in found.items()}
    groups = merge_small(
        Group((key,), len(persons), sum(persons.values())) for key, persons in sizes.items()
    )
    rows = [_counted(group.codes, found) for group in groups]
    for row in rows:
        row.names = tuple(names.get(key, key) for key in row.keys)
    return sorted(rows, key=lambda row: (len(row.keys) > 1, -row.rate_percent, row.names))


def _names(connection: Connection, by: By, found: Grouped) -> dict[str, str]:
    if by is By.MUNICIPALITY:
        places = select(Municipality.code, Municipality.name).where(Municipality.code.in_(found))
        return {row[0]: row[1] for row in connection.execute(places)}
    keys = [int(key) for key in found]
    offices = select(Organisation.id, Organisation.name).where(Organisation.id.in_(keys))
    return {str(row[0]): row[1] for row in connection.execute(offices)}
