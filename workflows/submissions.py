"""Idempotency: a key that an actor used once answers with what it did then."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text, tuple_

from models import Case, CaseEvent, Submission, User
from models.vocabulary import CaseState
from workflows.errors import KeyReused
from workflows.request import Request, Result
from workflows.statement import Statement
from workflows.writing import as_json, bytea

_CLAIM = Statement(
    text(
        """
    INSERT INTO submission (actor_id, key, payload_hash)
    SELECT actor_id, key, payload_hash
      FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS r(actor_id bigint, key text, payload_hash bytea)
    ON CONFLICT (actor_id, key) DO NOTHING
    RETURNING id, actor_id, key
        """
    )
)


def claim(connection: Connection, requests: list[Request]) -> list[int | Result | KeyReused]:
    """Claim the keys of requests.

    Per request: the new submission's key, the earlier result when the same was submitted
    before, or `KeyReused` when the key stood for something else. Waits while another
    transaction holds the same key.
    """
    rows = [
        {
            "actor_id": request.actor.user_id,
            "key": request.key,
            "payload_hash": bytea(request.payload_hash),
        }
        for request in requests
    ]
    claimed = {(row[1], row[2]): row[0] for row in _CLAIM.run(connection, {"rows": as_json(rows)})}
    if len(claimed) == len(requests):
        return [claimed[request.actor.user_id, request.key] for request in requests]
    earlier = _earlier(connection, [r for r in requests if _name(r) not in claimed])
    return [
        claimed[_name(request)] if _name(request) in claimed else earlier[_name(request)]
        for request in requests
    ]


def _name(request: Request) -> tuple[int, str | None]:
    return request.actor.user_id, request.key


def _earlier(
    connection: Connection, requests: list[Request]
) -> dict[tuple[int, str | None], Result | KeyReused]:
    rows = connection.execute(
        select(
            Submission.actor_id,
            Submission.key,
            Submission.payload_hash,
            Case.reference,
            CaseEvent.version,
            CaseEvent.to_state,
            CaseEvent.id,
        )
        .join(CaseEvent, CaseEvent.submission_id == Submission.id)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(tuple_(Submission.actor_id, Submission.key).in_([_name(r) for r in requests]))
    )
    stored: dict[tuple[int, str | None], Row[*tuple[Any, ...]]] = {
        (row[0], row[1]): row for row in rows
    }
    answers: dict[tuple[int, str | None], Result | KeyReused] = {}
    for request in requests:
        row = stored.get(_name(request))
        if row is None or bytes(row[2]) != request.payload_hash:
            answers[_name(request)] = KeyReused()
        else:
            answers[_name(request)] = Result(
                row[3], row[4], CaseState(row[5]), row[6], replayed=True
            )
    return answers


def release(connection: Connection, submissions: list[int]) -> None:
    """Free the keys of refused requests, which may then be tried again."""
    if submissions:
        connection.execute(
            text("DELETE FROM submission WHERE id = ANY(:ids)"), {"ids": submissions}
        )


def last_event(connection: Connection, case_id: int) -> tuple[str, str, datetime]:
    """Return the step, the actor's name and the moment of the newest event of a case."""
    row = connection.execute(
        select(CaseEvent.step, User.name, CaseEvent.recorded_at)
        .join(User, User.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.version.desc())
        .limit(1)
    ).one()
    return row[0], row[1], row[2]
