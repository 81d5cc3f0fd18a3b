"""What a merger of municipalities would move, before it is recorded; nothing is stored."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models import Case, Handover, MunicipalityExemption, QuotaTransfer
from models.vocabulary import CaseState
from workflows import policy
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.merged_cases import Concerned, concerned
from workflows.quota.merged_rights import grants_to_give, waiting_transfers
from workflows.quota.merger_rules import Merger, Merging, Town, check_merger
from workflows.reading.inbox import Room, rooms_of


@dataclass(frozen=True, slots=True)
class Going:
    """What goes along from one municipality; `room` is its standing up to this half-year."""

    name: str
    cases: int
    handovers: int
    room: Room


@dataclass(frozen=True, slots=True, kw_only=True)
class MergerPreview:
    """What would go along, and where it would end up.

    `by_state`: live cases in the order of the road home. `grants` are roles of users. Of the
    cases, `only_named` are linked elsewhere and name a predecessor as a hard criterion.
    """

    successor_room: Room | None
    going: tuple[Going, ...]
    by_state: tuple[tuple[CaseState, int], ...]
    only_named: int
    grants: int
    transfers: int
    exemptions: int

    @property
    def cases(self) -> int:
        """How many cases go along."""
        return sum(count for _, count in self.by_state)

    @property
    def handovers(self) -> int:
        """How many handovers go along."""
        return sum(each.handovers for each in self.going)

    @property
    def room_after(self) -> int:
        """The room of the successor in persons: that of all together."""
        before = 0 if self.successor_room is None else self.successor_room.room
        return before + sum(each.room.room for each in self.going)

    @property
    def reserved(self) -> int:
        """How many reserved persons go along."""
        return sum(each.room.reserved for each in self.going)


def preview_merger(
    connection: Connection, actor: Actor, payload: Merger, moment: Moment
) -> MergerPreview:
    """Return what a merger would move now.

    Raises `NotFound` without the right and `Refused` beside the field that does not fit, as the
    merger itself does.
    """
    policy.demand(actor, Permission.MERGE_MUNICIPALITIES)
    merging = check_merger(connection, payload, moment)
    cases = concerned(connection, merging.codes)
    states = Counter(each.state for each in cases)
    towns = [*merging.predecessors, *([merging.successor] if merging.successor else [])]
    rooms = {
        room.code: room
        for room in rooms_of(connection, [town.code for town in towns], moment.today)
    }
    handovers = _handovers(connection, merging)
    return MergerPreview(
        successor_room=None if merging.successor is None else rooms[merging.successor.code],
        going=tuple(
            _going(town, cases, handovers.get(town.organisation_id, 0), rooms[town.code])
            for town in merging.predecessors
        ),
        by_state=tuple((state, states[state]) for state in CaseState if states[state]),
        only_named=sum(each.linked is None for each in cases),
        grants=_grants(connection, merging),
        transfers=_transfers(connection, merging),
        exemptions=_exemptions(connection, payload, merging),
    )


def _going(town: Town, cases: list[Concerned], handovers: int, room: Room) -> Going:
    linked = sum(each.linked == town.code for each in cases)
    return Going(town.name, linked, handovers, room)


def _grants(connection: Connection, merging: Merging) -> int:
    successor = None if merging.successor is None else merging.successor.organisation_id
    given = grants_to_give(merging.organisations, successor).subquery()
    return connection.scalar(select(func.count()).select_from(given)) or 0


def _transfers(connection: Connection, merging: Merging) -> int:
    waiting = select(func.count(QuotaTransfer.id)).where(waiting_transfers(merging.codes))
    return connection.scalar(waiting) or 0


def _exemptions(connection: Connection, payload: Merger, merging: Merging) -> int:
    row = MunicipalityExemption
    ending = select(func.count()).where(
        row.municipality_code.in_(merging.codes),
        row.valid_until.is_(None),
        row.valid_from < payload.on_date,
    )
    return connection.scalar(ending) or 0


def _handovers(connection: Connection, merging: Merging) -> dict[int, int]:
    """Return the handovers of the linked live cases, by the organisation that they are for."""
    rows = connection.execute(
        select(Handover.target_id, func.count())
        .join(Case, Case.handover_id == Handover.id)
        .where(
            Handover.target_id.in_(merging.organisations),
            Case.municipality_code.in_(merging.codes),
            Case.state.notin_(sorted(policy.FINISHED)),
        )
        .group_by(Handover.target_id)
    )
    return {row[0]: row[1] for row in rows}
