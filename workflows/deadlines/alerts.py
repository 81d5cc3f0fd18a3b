"""Fires alerts: every stage that stands and was not told yet, in order, each once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select

from models import Alert, AuditEntry, Case, Grant, Municipality, User
from models.vocabulary import AlertStage, Role, Term
from workflows.deadlines.receivers import Standing, receivers, topic_of
from workflows.deadlines.sources import SOURCES, Source
from workflows.moment import Moment
from workflows.notices.outbox import Message, leave_messages
from workflows.opening import read_rules
from workflows.rules.norms import Norm
from workflows.rules.stages import Lead, latest_due_date, lead, stage_date, stages_of
from workflows.trail import now
from workflows.validity import holds_on
from workflows.writing import Writes

ALERTS_LOCK = 7_401_003
BATCH = 500
_ORDER = tuple(AlertStage)


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage of a term that stands and was not told."""

    stage_on: date
    due_on: date
    case_id: int
    subject: str
    stage: AlertStage
    term: Term
    organisation_id: int | None

    @property
    def key(self) -> tuple[Any, ...]:
        """Its place in the order of firing."""
        stage = _ORDER.index(self.stage)
        return (self.stage_on, self.due_on, self.case_id, self.subject, stage, self.term)


def fire_alerts(connection: Connection, moment: Moment, most: int = BATCH) -> int:
    """Fire at most so many alerts, the earliest first; returns how many stood (0: all are told).

    Message, audit line and alert are written together; the caller commits. Runs take turns, and
    a case is locked before it is told of, so that a term that was just met is not.
    """
    connection.execute(select(func.pg_advisory_xact_lock(ALERTS_LOCK)))
    norms = read_rules(connection, moment).norms
    found = _earliest(connection, norms, moment.today, most)
    if found:
        cases = sorted({each.case_id for each in found})
        standings = _lock(connection, cases)
        still = set(_earliest(connection, norms, moment.today, None, cases))
        _write(connection, [each for each in found if each in still], standings, moment)
    return len(found)


def _earliest(
    connection: Connection,
    norms: tuple[Norm, ...],
    today: date,
    most: int | None,
    cases: list[int] | None = None,
) -> list[Reached]:
    found: list[Reached] = []
    for source in SOURCES:
        for stage, ahead, terms in _groups(source, norms, today):
            statement = _untold(source, stage, terms, latest_due_date(today, ahead))
            if cases is not None:
                statement = statement.where(Case.id.in_(cases))
            for case_id, term, subject, due_on, organisation in connection.execute(
                statement.limit(most)
            ):
                stands = stage_date(due_on, ahead)
                found.append(
                    Reached(stands, due_on, case_id, subject, stage, Term(term), organisation)
                )
    return sorted(found, key=lambda each: each.key)[:most]


def _groups(
    source: Source, norms: tuple[Norm, ...], today: date
) -> Iterator[tuple[AlertStage, Lead, list[Term]]]:
    """Yield each stage of a source with the terms that it precedes or follows equally far."""
    groups: dict[tuple[AlertStage, Lead], list[Term]] = defaultdict(list)
    for term in source.terms:
        for stage in stages_of(term):
            groups[stage, lead(term, stage, norms, today)].append(term)
    for (stage, ahead), terms in groups.items():
        yield stage, ahead, terms


def _untold(source: Source, stage: AlertStage, terms: Sequence[Term], latest: date) -> Any:
    told = exists(
        select(Alert.id).where(
            Alert.case_id == Case.id,
            Alert.term == source.term,
            Alert.subject == source.subject,
            Alert.due_on == source.due_on,
            Alert.stage == stage,
        )
    )
    return (
        source.rows(Case.id, source.term, source.subject, source.due_on, source.organisation_id)
        .where(source.only(terms), source.due_on <= latest, ~told)
        .order_by(source.due_on, Case.id, source.subject)
    )


def _lock(connection: Connection, cases: list[int]) -> dict[int, Row[Any]]:
    """Lock cases by id, as the steps do."""
    rows = connection.execute(
        select(
            Case.id,
            Case.reference,
            Case.waiting_party,
            Case.responsible_id,
            Case.centre_id,
            Case.region_id,
            Case.municipal_due_on,
            select(Municipality.organisation_id)
            .where(Municipality.code == Case.municipality_code)
            .scalar_subquery()
            .label("municipality_id"),
        )
        .where(Case.id.in_(cases))
        .order_by(Case.id)
        .with_for_update(key_share=True, of=Case)
    )
    return {row.id: row for row in rows}


def _write(
    connection: Connection,
    firing: list[Reached],
    standings: dict[int, Row[Any]],
    moment: Moment,
) -> None:
    at, writes = now(connection, moment), Writes()
    coordinated = _coordinated(connection, moment.today)
    messages: list[Message] = []
    for each in firing:
        messages += _messages(each, standings[each.case_id], coordinated)
        writes.insert(Alert, _alert(each, moment.today) | {"fired_at": at})
        writes.insert(AuditEntry, _audit(each) | {"recorded_at": at})
    writes.run(connection)
    leave_messages(connection, messages, moment)


def _messages(each: Reached, case: Standing, coordinated: frozenset[int]) -> Iterator[Message]:
    told = f"{case.reference} {each.term} {each.subject} {each.due_on} {each.stage}"
    for organisation in receivers(case, each.term, each.stage, each.organisation_id, coordinated):
        yield Message(
            case_id=each.case_id,
            organisation_id=organisation,
            topic=topic_of(each.term, each.stage),
            occasion=f"{told} {organisation}",
        )


def _alert(each: Reached, today: date) -> dict[str, Any]:
    return {
        "case_id": each.case_id,
        "term": each.term,
        "subject": each.subject,
        "due_on": each.due_on,
        "stage": each.stage,
        "stage_on": each.stage_on,
        "fired_on": today,
    }


def _audit(each: Reached) -> dict[str, Any]:
    return {
        "action": "alert",
        "case_id": each.case_id,
        "object_reference": each.subject or None,
        "fields": [each.term, each.stage],
    }


def _coordinated(connection: Connection, today: date) -> frozenset[int]:
    """Return the organisations where somebody coordinates today."""
    return frozenset(
        connection.scalars(
            select(Grant.organisation_id)
            .join(User, User.id == Grant.user_id)
            .where(Grant.role == Role.COORDINATOR, User.active, holds_on(Grant, today))
        )
    )
