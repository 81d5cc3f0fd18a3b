"""The one engine: the only code that sets a state.

A single step is a batch of one. The order is always the same: idempotency keys, the ledger's
lock and the clock, cases, version, source state, the step's own needs, balances, decision,
writing. Whoever calls it owns the transaction (`webapp/db.py` commits).
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from models.vocabulary import CaseState
from workflows import policy
from workflows.effects import Written, write_effects
from workflows.errors import NotFound, Refused, StaleVersion, WorkflowError
from workflows.gathering import Gathering
from workflows.loading import lock_cases
from workflows.locking import lock_ahead
from workflows.moment import Moment
from workflows.payload import Payload
from workflows.permissions import Permission
from workflows.request import Outcome, Request, Result
from workflows.rules.agenda import agenda
from workflows.rules.terms import follow
from workflows.situation import Situation
from workflows.submissions import claim, last_event, release
from workflows.violations import refusal_for
from workflows.waves import waves


class BatchRefusedError(WorkflowError):
    """A batch that had to succeed as a whole did not; `outcomes` tells why, row by row."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__("Niet alle handelingen konden worden gedaan; er is niets opgeslagen.")
        self.outcomes = outcomes


@dataclass(slots=True)
class Turn:
    """A request on its way through the engine."""

    request: Request
    payload: Payload
    submission_id: int | None = None
    situation: Situation | None = None
    outcome: Outcome | None = None
    targets: tuple[str, ...] = ()


def take(connection: Connection, request: Request, moment: Moment) -> Result:
    """Take one step on one case inside the caller's transaction.

    Raises `InvalidPayload`, `NotFound`, `StaleVersion`, `Refused` or `KeyReused`; the caller
    rolls back then, so that a refusal stores nothing and leaves the key unused.
    """
    payload = request.validated()
    turn = Turn(replace(request, payload=payload), payload)
    try:
        _run(connection, [turn], moment)
    except IntegrityError as error:
        raise refusal_for(error) from error
    if isinstance(turn.outcome, Result):
        return turn.outcome
    raise turn.outcome or NotFound


def take_many(
    connection: Connection,
    requests: Sequence[Request],
    moment: Moment,
    *,
    all_or_nothing: bool = False,
) -> list[Outcome]:
    """Take many steps, with the result that taking them one by one in this order would have.

    Returns an outcome per request. With `all_or_nothing` a refusal raises `BatchRefusedError`.
    """
    outcomes: list[Outcome] = []
    cut = list(waves(requests))
    if len(cut) > 1:
        valid = [each for wave in cut for each in wave if isinstance(each, Request)]
        lock_ahead(connection, [(each, each.validated()) for each in valid], moment)
    for wave in cut:
        with _uncollected():
            outcomes += _run_wave(connection, wave, moment)
    if all_or_nothing and any(isinstance(outcome, WorkflowError) for outcome in outcomes):
        raise BatchRefusedError(outcomes)
    return outcomes


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python's cycle collector away: walking the many objects of a wave doubles its cost."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _run_wave(
    connection: Connection, wave: Sequence[Request | WorkflowError], moment: Moment
) -> list[Outcome]:
    turns = [Turn(item, item.validated()) for item in wave if isinstance(item, Request)]
    if turns:
        _run_or_bisect(connection, turns, moment)
    results = iter(turns)
    return [
        item if isinstance(item, WorkflowError) else next(results).outcome or NotFound()
        for item in wave
    ]


def _run_or_bisect(connection: Connection, turns: list[Turn], moment: Moment) -> None:
    """Run turns; when a constraint stops them, halve until the one at fault stands alone."""
    try:
        with connection.begin_nested():
            _run(connection, turns, moment)
    except IntegrityError as error:
        if len(turns) == 1:
            turns[0].outcome = refusal_for(error)
            return
        fresh = [Turn(turn.request, turn.payload) for turn in turns]
        middle = len(fresh) // 2
        _run_or_bisect(connection, fresh[:middle], moment)
        _run_or_bisect(connection, fresh[middle:], moment)
        for turn, again in zip(turns, fresh, strict=True):
            turn.outcome = again.outcome


def _run(connection: Connection, turns: list[Turn], moment: Moment) -> None:
    _claim_keys(connection, turns, moment)
    active = [turn for turn in turns if turn.outcome is None]
    if active:
        posting = sum(turn.request.step.posts for turn in active)
        gathering = Gathering(connection, moment, len(active), posting)
        gathering.lock_persons([turn.payload for turn in active])
        _find_cases(gathering, active)
        ready = [turn for turn in active if turn.outcome is None]
        gathering.load(
            [(turn.situation, turn.request.step, turn.payload) for turn in ready if turn.situation]
        )
        for turn in ready:
            _decide(turn, moment)
        done = [turn for turn in ready if turn.outcome is None and turn.situation is not None]
        _write(gathering, done)
    refused = [turn.submission_id for turn in active if isinstance(turn.outcome, WorkflowError)]
    release(connection, [key for key in refused if key is not None])


def _claim_keys(connection: Connection, turns: list[Turn], moment: Moment) -> None:
    keyed = [turn for turn in turns if turn.request.key is not None]
    if not keyed:
        return
    claims = claim(connection, [turn.request for turn in keyed])
    for turn, claimed in zip(keyed, claims, strict=True):
        if isinstance(claimed, int):
            turn.submission_id = claimed
        elif isinstance(claimed, WorkflowError):
            turn.outcome = claimed
        else:
            turn.outcome = claimed
            either = (turn.request.step.permission, Permission.VIEW_CASE)
            scope = (turn.request.actor, either, moment.today)
            if not lock_cases(connection, [claimed.case], scope):
                turn.outcome = NotFound()


def _find_cases(gathering: Gathering, turns: list[Turn]) -> None:
    """Lock the cases of all turns and refuse those that may not start."""
    references: set[str] = set()
    for turn in turns:
        named = (turn.request.case, *turn.request.step.other_cases(turn.payload))
        turn.targets = tuple(reference for reference in named if reference is not None)
        references.update(turn.targets)
    first = turns[0].request
    alone = all(
        turn.request.actor is first.actor and turn.request.step is first.step for turn in turns
    )
    today = gathering.moment.today
    scope = (first.actor, (first.step.permission,), today) if alone else None
    gathering.cases = lock_cases(gathering.connection, references, scope)
    gathering.follow_clock()
    for turn in turns:
        try:
            turn.situation = gathering.situation_for(turn.request, turn.payload, turn.targets)
            _check_start(gathering, turn)
        except WorkflowError as error:
            turn.outcome = error


def _check_start(gathering: Gathering, turn: Turn) -> None:
    request, situation = turn.request, turn.situation
    if situation is None or request.step.opens_case:
        return
    case = situation.case
    for each in (situation, *situation.others.values()):
        if not policy.allows(
            request.actor, request.step.permission, each.case, gathering.moment.today
        ):
            raise NotFound
    if request.version is not None and request.version != case.version:
        step, name, at = last_event(gathering.connection, case.id)
        raise StaleVersion(request.version, case.version, step, name, at)
    if case.state not in request.step.starts_from:
        raise Refused(
            "wrong_state",
            "Deze handeling kan nu niet: het dossier staat op een andere stap in het proces.",
        )
    for each in (situation, *situation.others.values()):
        each.before = each.case.copy()
        each.linked_before = each.linked_organisation_id


def _decide(turn: Turn, moment: Moment) -> None:
    situation, step = turn.situation, turn.request.step
    if situation is None:
        return
    try:
        situation.next_state = step.decide(situation, turn.payload)
        if step.opens_case and not policy.allows(
            situation.actor, step.permission, situation.case, moment.today
        ):
            raise NotFound
        for each in situation.changed():
            _settle(each)
    except WorkflowError as error:
        turn.outcome = error
        situation.take_back()


def _settle(situation: Situation) -> None:
    """Set the state and what follows from it: version, responsibility, next party and terms."""
    case = situation.case
    if situation.next_state is not None:
        case.state = situation.next_state
    if situation.before is None or situation.before.state != case.state:
        case.state_since = situation.reference.recorded_at
    if case.state in policy.FINISHED and case.finished_on is None:
        case.finished_on = situation.today
    norms = situation.reference.norms
    due = agenda(case, norms, situation.linked_organisation_id)
    case.responsible_id = due.responsible_id
    case.waiting_party = due.waiting_party
    follow(case, situation.before, due, norms, situation.today)
    case.version += 1


def _write(gathering: Gathering, turns: list[Turn]) -> None:
    written = [
        Written(turn.situation, turn.request, turn.payload, turn.submission_id)
        for turn in turns
        if turn.situation is not None
    ]
    for turn, (case, event_id) in zip(turns, write_effects(gathering, written), strict=True):
        turn.outcome = Result(case.reference, case.version, CaseState(case.state), event_id)
