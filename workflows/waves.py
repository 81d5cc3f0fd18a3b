"""Cuts a batch of requests into waves, so that taking each wave at once equals taking turns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workflows.errors import WorkflowError
from workflows.payload import Payload
from workflows.request import Request

LONGEST = 5_000
_SOMEBODY_LEAVES = "somebody leaves"


def waves(requests: Sequence[Request]) -> Iterator[list[Request | WorkflowError]]:
    """Cut a batch where a case, person or key returns, so that each wave touches it once.

    Whoever a step of the wave lets go may be brought along by a later one: that is a cut too.
    """
    wave: list[Request | WorkflowError] = []
    touched: set[str] = set()
    for request in requests:
        try:
            payload = request.validated()
        except WorkflowError as error:
            wave.append(error)
            continue
        names = _touched(request, payload)
        joins = _SOMEBODY_LEAVES in touched and any(name.startswith("v ") for name in names)
        if len(wave) >= LONGEST or joins or not touched.isdisjoint(names):
            yield wave
            wave, touched = [], set()
        wave.append(replace(request, payload=payload))
        touched |= names
        if request.step.lets_go:
            touched.add(_SOMEBODY_LEAVES)
    if wave:
        yield wave


def _touched(request: Request, payload: Payload) -> set[str]:
    names = {request.case, *request.step.other_cases(payload)} - {None}
    joining = payload.given("members_to_add", ())
    names |= {f"v {member.v_number}" for member in joining if member.v_number is not None}
    if request.key is not None:
        names.add(f"key {request.actor.user_id} {request.key}")
    return {name for name in names if name is not None}
