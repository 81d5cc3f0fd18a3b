"""Locks ahead what all waves of a large batch will touch, in the one order of locks.

Each wave locks in that order too, but two batches whose waves come in another order would wait for
each other. Cases are locked here whoever may see them: each wave asks the policy again.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection

from workflows.loading import lock_balances, lock_cases
from workflows.moment import Moment
from workflows.named import lock_known_persons
from workflows.opening import open_batch
from workflows.payload import Payload, Widget, declared
from workflows.request import Request

Asked = Sequence[tuple[Request, Payload]]


def lock_ahead(connection: Connection, asked: Asked, moment: Moment) -> None:
    """Lock the ledger, persons, cases and balances that valid requests name or stand for."""
    open_batch(connection, moment, lines=int(any(request.step.posts for request, _ in asked)))
    numbers = {
        member.v_number
        for _, payload in asked
        for member in payload.given("members_to_add", ())
        if member.v_number is not None
    }
    lock_known_persons(connection, numbers)
    named = {
        reference
        for request, payload in asked
        for reference in (request.case, *request.step.other_cases(payload))
        if reference is not None
    }
    cases = lock_cases(connection, named, None)
    linked = {case.municipality_code for case, _, _ in cases.values()}
    codes = linked | {code for _, payload in asked for code in _municipalities(payload)}
    lock_balances(connection, {code for code in codes if code is not None}, moment.today)


def _municipalities(payload: Payload) -> set[str]:
    """Return the municipalities that a payload itself names."""
    return {getattr(payload, name) for name in _municipality_fields(type(payload))} - {None}


@cache
def _municipality_fields(payload: type[Payload]) -> tuple[str, ...]:
    fields = payload.model_fields.items()
    return tuple(name for name, info in fields if declared(info).widget is Widget.MUNICIPALITY)
