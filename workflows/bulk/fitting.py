"""Which steps can be taken on many cases at once: derived from what their payloads declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows import policy
from workflows.actor import Actor
from workflows.errors import InvalidPayload, NotFound, Refused
from workflows.payload import Payload, Widget, declared
from workflows.request import Request
from workflows.step import Step
from workflows.steps import STEPS

# What names a person, a household or words about one cannot be the same for many cases.
_OWN_TO_ONE_CASE = frozenset(
    {
        Widget.MEMBER,
        Widget.MEMBERS,
        Widget.GROUP,
        Widget.CASE,
        Widget.FILE,
        Widget.DOCUMENT,
        Widget.TEXT,
        Widget.PROSE,
    }
)


def shared_fields(step: Step) -> list[str]:
    """Return the fields of a step that hold for many cases alike: all but the personal ones."""
    return [name for name in step.payload.model_fields if name in step.payload.plain_fields]


def fits_many(step: Step) -> bool:
    """Tell whether a step can be taken on many cases with one payload.

    A step that opens or finishes a case, moves the quota, or asks something of each person is
    decided household by household; an explanation that may be left out is left out.
    """
    if step.opens_case or step.per_adult or step.posts or step.ends_in & policy.FINISHED:
        return False
    return all(
        not info.is_required() and _widget(step, name) is Widget.PROSE
        if name in step.payload.personal_fields
        else _widget(step, name) not in _OWN_TO_ONE_CASE
        for name, info in step.payload.model_fields.items()
    )


def _widget(step: Step, name: str) -> Widget:
    return declared(step.payload.model_fields[name]).widget


BULK_STEPS: dict[str, Step] = {step.code: step for step in STEPS if fits_many(step)}


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants which step on many cases, and the payload that they share."""

    actor: Actor
    step: Step
    payload: Payload


def steps_for(actor: Actor) -> list[Step]:
    """Return the steps that the actor may take on many cases."""
    return [step for step in BULK_STEPS.values() if policy.may(actor, step.permission)]


def order(actor: Actor, code: str, values: Mapping[str, Any]) -> Order:
    """Return a valid order for a step on many cases.

    Raises `NotFound` for a step that the actor may not take on many, and `InvalidPayload` with
    words per field, for personal fields too: those differ from case to case.
    """
    step = BULK_STEPS.get(code)
    if step is None or not policy.may(actor, step.permission):
        raise NotFound
    personal = {
        name: Refused("personal", "Vul dit per dossier in, niet voor vele tegelijk.", name)
        for name in values
        if name in step.payload.personal_fields
    }
    if personal:
        raise InvalidPayload(personal)
    return Order(actor, step, Request(step, actor, values).validated())
