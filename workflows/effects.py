"""Writes what the steps of a batch decided: all or nothing, in one order, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from operator import ne
from typing import Any

from models import (
    AuditEntry,
    Base,
    Case,
    CaseEvent,
    EventDetail,
    Outbox,
    QuotaBalance,
    QuotaEntry,
    QuotaRollup,
    Realisation,
    Stay,
)
from models.vocabulary import LIVE_STATES, WaitingParty
from workflows import policy
from workflows.gathering import Gathering
from workflows.notices.outbox import ring_after_commit
from workflows.payload import Payload
from workflows.quota.lines import balance_changes, rollup_rows
from workflows.records import CASE_FIELDS, CaseRecord, case_values
from workflows.request import Request
from workflows.sealing import seal
from workflows.situation import Situation
from workflows.writing import Writes, bytea, delete_rows, update_rows

Row = dict[str, Any]
_TENTH = timedelta(days=1) / 10


@dataclass(frozen=True, slots=True)
class Written:
    """A decided step that is to be written."""

    situation: Situation
    request: Request
    payload: Payload
    submission_id: int | None


def write_effects(gathering: Gathering, written: Sequence[Written]) -> list[tuple[CaseRecord, int]]:
    """Write the effects of decided steps; returns the case and event of each."""
    if not written:
        return []
    batch = _Batch(gathering)
    results = [batch.collect(item) for item in written]
    batch.flush()
    return results


class _Batch:
    """The rows of one batch, gathered before anything is written."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._at = gathering.reference.recorded_at
        self._writes = Writes()
        self._updates: list[tuple[type[Base], int, Row]] = []
        self._deletes: list[tuple[type[Base], int]] = []
        self._lines: list[Row] = []
        self._told = False

    def collect(self, item: Written) -> tuple[CaseRecord, int]:
        """Gather the rows of one step, its companions included."""
        events = [self._collect_one(item, each) for each in item.situation.changed()]
        return item.situation.case, events[0]

    def _collect_one(self, item: Written, situation: Situation) -> int:
        event_id = self._gathering.keys(CaseEvent)
        self._collect_case(situation)
        self._collect_event(item, situation, event_id)
        self._collect_stay(situation)
        self._collect_lines(situation, event_id)
        for model, row in situation.inserts:
            self._writes.insert(model, _with_event(model, row, event_id))
        self._updates.extend(situation.updates)
        self._deletes.extend(situation.deletes)
        self._told |= bool(situation.messages)
        for organisation_id, topic in situation.messages:
            self._writes.insert(
                Outbox, self._message(situation.case.id, event_id, organisation_id, topic)
            )
        return event_id

    def _collect_case(self, situation: Situation) -> None:
        case, before = situation.case, situation.before
        values = case_values(case)
        if before is None:
            self._writes.insert(Case, dict(zip(CASE_FIELDS, values, strict=True)))
            return
        changed = map(ne, values, case_values(before))
        changes = dict(compress(zip(CASE_FIELDS, values, strict=True), changed))
        self._writes.update(Case, {"id": case.id, **changes})

    def _collect_event(self, item: Written, situation: Situation, event_id: int) -> None:
        case, before, request = situation.case, situation.before, item.request
        facts, detail = _split(item.payload)
        digest = None
        if detail:
            digest = bytea(seal(detail, self._gathering.moment.seal))
            self._writes.insert(EventDetail, {"event_id": event_id, "payload": detail})
        organisation = policy.acting_organisation(request.actor, request.step.permission)
        self._writes.insert(
            CaseEvent,
            {
                "id": event_id,
                "case_id": case.id,
                "version": case.version,
                "step": request.step.code,
                "actor_id": request.actor.user_id,
                "organisation_id": organisation,
                "recorded_at": self._at,
                "from_state": None if before is None else before.state,
                "to_state": case.state,
                "person_id": situation.person_id,
                "facts": facts | situation.facts,
                "postings": [_posting_facts(posting) for posting in situation.postings],
                "detail_hash": digest,
                "submission_id": item.submission_id if situation is item.situation else None,
            },
        )
        self._writes.insert(
            AuditEntry,
            {
                "recorded_at": self._at,
                "actor_id": request.actor.user_id,
                "action": request.step.code,
                "case_id": case.id,
                "event_id": event_id,
                "fields": sorted(item.payload.model_fields_set),
            },
        )

    def _collect_stay(self, situation: Situation) -> None:
        before = (
            None if situation.before is None else stay_of(situation.before, situation.linked_before)
        )
        after = stay_of(situation.case, situation.linked_organisation_id)
        if before == after:
            return
        if before is not None:
            dwelt = dwelt_tenths(situation.before, situation.case, self._at)
            ended = {"case_id": situation.case.id, "dwelt_tenths": dwelt, "left_at": self._at}
            self._writes.end(Stay, ended)
        if after is not None:
            state, organisation, party = after
            self._writes.insert(
                Stay,
                {
                    "case_id": situation.case.id,
                    "state": state,
                    "organisation_id": organisation,
                    "waiting_party": party,
                    "entered_at": self._at,
                },
            )

    def _collect_lines(self, situation: Situation, event_id: int) -> None:
        for posting in situation.postings:
            line = {
                "id": posting.entry_id or self._gathering.keys(QuotaEntry),
                "municipality_code": posting.municipality_code,
                "half_year": posting.half_year,
                "kind": posting.kind,
                "persons": posting.persons,
                "booked_on": posting.booked_on,
                "recorded_at": self._at,
                "case_id": situation.case.id,
                "person_id": posting.person_id,
                "event_id": event_id,
                "reverses": posting.reverses,
                "recorded_by": situation.actor.user_id,
                "reason": posting.reason,
            }
            self._lines.append(line)
            self._writes.insert(QuotaEntry, line)

    def _message(self, case_id: int, event_id: int, organisation_id: int, topic: str) -> Row:
        return {
            "case_id": case_id,
            "event_id": event_id,
            "organisation_id": organisation_id,
            "topic": topic,
            "recorded_at": self._at,
        }

    def flush(self) -> None:
        """Write everything: changes, then deletions, so that new rows find their places free."""
        connection = self._gathering.connection
        update_rows(connection, self._updates)
        delete_rows(connection, self._deletes)
        for row in rollup_rows(self._lines):
            self._writes.total(QuotaRollup, row)
        for row in balance_changes(self._lines):
            self._writes.count(QuotaBalance, row)
        self._writes.run(connection)
        if self._told:
            ring_after_commit(connection)


def dwelt_tenths(before: CaseRecord | None, case: CaseRecord, at: datetime) -> int | None:
    """Return how long a case stood in the state that it leaves, in tenths of days.

    Rounded, halves up; None while it stays in its state.
    """
    if before is None or before.state == case.state:
        return None
    return (2 * (at - before.state_since) + _TENTH) // (2 * _TENTH)


def stay_of(case: CaseRecord, linked_organisation_id: int | None) -> tuple[str, int, str] | None:
    """Return state, organisation and waiting party of a live case; None once it is finished.

    The organisation is the one that acts next: time is spent where somebody is waited for.
    """
    if case.state not in LIVE_STATES or case.waiting_party is None:
        return None
    if case.waiting_party == WaitingParty.MUNICIPALITY and linked_organisation_id:
        organisation = linked_organisation_id
    elif case.waiting_party == WaitingParty.CENTRE and case.centre_id is not None:
        organisation = case.centre_id
    else:
        organisation = case.region_id
    return case.state, organisation, case.waiting_party


def _split(payload: Payload) -> tuple[Row, Row]:
    everything = payload.model_dump(mode="json", exclude_none=True)
    if not payload.personal_fields:
        return everything, {}
    facts = {name: value for name, value in everything.items() if name in payload.plain_fields}
    detail = {name: value for name, value in everything.items() if name not in facts}
    return facts, detail


def _posting_facts(posting: Any) -> Row:
    return {
        "municipality": posting.municipality_code,
        "half_year": posting.half_year,
        "kind": posting.kind,
        "persons": posting.persons,
        "booked_on": posting.booked_on,
        "person": posting.person_id,
        "reverses": posting.reverses,
    }


def _with_event(model: type[Base], row: Row, event_id: int) -> Row:
    if "event_id" in model.__table__.c and model is not Realisation:
        return row | {"event_id": event_id}
    return row
