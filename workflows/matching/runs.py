"""Runs of the matching, as an officer starts, follows, stops and keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert

from models import MatchingRun
from models.vocabulary import RunKind, RunStatus
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused, Saying
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.own_run import own_run
from workflows.permissions import Permission
from workflows.trail import now, record_audit
from workflows.users import load_actors

OPEN = (RunStatus.WAITING, RunStatus.RUNNING)
# A what-if that nobody gave a name is forgotten after this.
KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """A municipality of which somebody asks what would make it the choice for a household."""

    case: str
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a run is asked: which households (none named: all), and what is different.

    `quotas` adds persons to the room of municipalities, or takes them when negative; `closed`
    take nobody; `weights` replace those in force; `families` adds imagined families, in percent
    of those who wait; `floor` is what each size of household captures of its own best at the
    least, in percent, 0 for no floor and None for that in force; `wanted` asks what would make a
    municipality the choice. Only a what-if may ask anything different. With `hold_back`, room costs
    its price on the running list, which knows who is still to come; in another world (other room,
    other weights) that list tells nothing.
    """

    references: Sequence[str] | None = None
    closed: Sequence[str] = ()
    quotas: dict[str, int] | None = None
    weights: dict[str, int] | None = None
    families: int = 0
    floor: int | None = None
    wanted: Wanted | None = None
    hold_back: bool = True

    @property
    def differs(self) -> bool:
        """Whether it asks anything different from how things are."""
        changed = self.closed or self.quotas or self.weights or self.families
        return bool(changed or self.wanted or self.floor is not None)

    @property
    def _in_another_world(self) -> bool:
        return bool(self.closed or self.quotas or self.weights or self.families)

    @property
    def kind(self) -> RunKind:
        """What the run is for: proposals, or a look at something different."""
        return RunKind.WHAT_IF if self.differs else RunKind.BATCH

    def as_json(self) -> dict[str, Any]:
        """Return the wish as it is kept with the run."""
        return {
            "references": None if self.references is None else list(self.references),
            "closed": list(self.closed),
            "quotas": self.quotas or {},
            "weights": self.weights,
            "families": self.families,
            "floor": self.floor,
            "wanted": None if self.wanted is None else asdict(self.wanted),
            "hold_back": self.hold_back and not self._in_another_world,
        }


def unchanged(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked without what is different in it."""
    return Wish(
        references=request["references"], hold_back=request.get("hold_back", False)
    ).as_json()


def start(
    connection: Connection,
    actor: Actor,
    wish: Wish,
    moment: Moment,
    *,
    kind: RunKind | None = None,
    reference: str | None = None,
) -> str:
    """Store a run and return its reference; the caller commits and rings.

    `reference` (from the form) makes it idempotent. Raises `NotFound` without the right to link.
    """
    policy.demand(actor, Permission.LINK)
    made = reference or moment.new_reference()
    at = now(connection, moment)
    connection.execute(
        insert(MatchingRun)
        .values(
            reference=made,
            kind=kind or wish.kind,
            status=RunStatus.WAITING,
            actor_id=actor.user_id,
            request=wish.as_json(),
            made_at=at,
            seen_at=at,
        )
        .on_conflict_do_nothing(index_elements=["reference"])
    )
    own_run(connection, MatchingRun, actor, made)
    record_audit(connection, moment, actor.user_id, "start_matching", subject=made)
    return made


def run_and_actor(
    connection: Connection, reference: str, moment: Moment
) -> tuple[Row[*tuple[Any, ...]], Actor]:
    """Return a run and its user with the rights of this moment; raises `NotFound`.

    A user who lost the right to link since the start raises `NotFound` too.
    """
    run = one_row(
        connection, select(MatchingRun.__table__).where(MatchingRun.reference == reference)
    )
    actors = load_actors(connection, [run.actor_id], moment.today)
    actor = actors.get(run.actor_id, Actor(run.actor_id, "", ()))
    policy.demand(actor, Permission.LINK)
    return run, actor


def lock_open(connection: Connection, reference: str) -> bool:
    """Lock a run that is not over yet; tells whether there is one of this reference."""
    found = connection.execute(
        select(MatchingRun.id)
        .where(MatchingRun.reference == reference, MatchingRun.status.in_(OPEN))
        .with_for_update(key_share=True)
    )
    return found.one_or_none() is not None


def standing_still(connection: Connection, moment: Moment, quiet: timedelta) -> list[str]:
    """Return the runs that are not over and gave no sign of life for so long."""
    found = connection.scalars(
        select(MatchingRun.reference)
        .where(MatchingRun.status.in_(OPEN), MatchingRun.seen_at < now(connection, moment) - quiet)
        .order_by(MatchingRun.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(found)


def cancel(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Stop a run: it proposes nothing any more. Raises `NotFound`."""
    run = own_run(connection, MatchingRun, actor, reference, lock=True)
    if run.status in OPEN:
        end(connection, reference, RunStatus.CANCELLED, moment)
        record_audit(connection, moment, actor.user_id, "cancel_matching", subject=reference)


def touch(connection: Connection, reference: str, percent: int, moment: Moment) -> bool:
    """Note how far a run is; tells whether it may go on (it may have been stopped)."""
    at = now(connection, moment)
    changed = connection.execute(
        update(MatchingRun)
        .where(MatchingRun.reference == reference, MatchingRun.status.in_(OPEN))
        .values(progress=percent, status=RunStatus.RUNNING, seen_at=at)
        .returning(MatchingRun.id)
    )
    return changed.one_or_none() is not None


def keep(connection: Connection, actor: Actor, reference: str, name: str, moment: Moment) -> None:
    """Keep a finished what-if as a scenario under a name; raises `NotFound` or `Refused`."""
    run = own_run(connection, MatchingRun, actor, reference, lock=True)
    wanted = name.strip()
    if not 1 <= len(wanted) <= LONGEST_NAME or not wanted.isprintable():
        raise Refused("name", "Geef een naam van 1 tot 80 tekens.", "name")
    if run.kind != RunKind.WHAT_IF or run.status != RunStatus.DONE:
        raise Refused("not_done", "Alleen een afgeronde berekening kan worden bewaard.", "name")
    connection.execute(update(MatchingRun).where(MatchingRun.id == run.id).values(name=wanted))
    record_audit(connection, moment, actor.user_id, "keep_scenario", subject=reference)


def drop(connection: Connection, actor: Actor, reference: str, moment: Moment) -> None:
    """Delete a what-if, kept or not; raises `NotFound` for a run that made proposals."""
    run = own_run(connection, MatchingRun, actor, reference, lock=True)
    if run.kind != RunKind.WHAT_IF:
        raise NotFound
    connection.execute(delete(MatchingRun).where(MatchingRun.id == run.id))
    record_audit(connection, moment, actor.user_id, "drop_scenario", subject=reference)


def end(
    connection: Connection,
    reference: str,
    status: RunStatus,
    moment: Moment,
    *,
    result: dict[str, Any] | None = None,
    message: Saying | None = None,
) -> None:
    """Note that a run is over, with what came of it."""
    at = now(connection, moment)
    connection.execute(
        update(MatchingRun)
        .where(MatchingRun.reference == reference, MatchingRun.status.in_(OPEN))
        .values(
            status=status,
            finished_at=at,
            seen_at=at,
            result=null() if result is None else result,
            message=None if message is None else message.template,
            message_values={} if message is None else message.values,
        )
    )


def forget(connection: Connection, moment: Moment) -> int:
    """Delete the what-ifs of more than a day ago that nobody kept, and return how many."""
    late = now(connection, moment) - KEPT_FOR
    gone = connection.execute(
        delete(MatchingRun)
        .where(
            MatchingRun.kind == RunKind.WHAT_IF,
            MatchingRun.name.is_(None),
            MatchingRun.made_at < late,
        )
        .returning(MatchingRun.id)
    )
    return len(gone.all())
