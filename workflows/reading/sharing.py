"""Who sees which field and why, read from the payloads' own declarations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol, get_args

from models.vocabulary import ACCEPTED_HANDOVER
from workflows import policy
from workflows.actor import Actor
from workflows.payload import Audience, Payload, Widget
from workflows.permissions import Permission, Relation
from workflows.policy import Located
from workflows.steps import STEPS

_MUNICIPAL = frozenset({Relation.LINKED_MUNICIPALITY, Relation.HOUSED_HERE})


@dataclass(frozen=True, slots=True)
class SharedField:
    """A field of a step with who may see it; labels and purposes are Dutch msgids."""

    step_label: str
    label: str
    audience: Audience
    purpose: str


class HandedOver(Located, Protocol):
    """A case that tells where its handover stands."""

    handover_state: str | None


def audience_of(actor: Actor, case: HandedOver, today: date) -> Audience:
    """Return as whom an actor sees a case; it stands in the actor's reach already."""
    ways = policy.relations_to(actor, Permission.VIEW_CASE, case, today)
    if not ways or not ways <= _MUNICIPAL:
        return Audience.AGENCY
    accepted = case.handover_state in ACCEPTED_HANDOVER
    return Audience.RECEIVER if accepted else Audience.MUNICIPALITY


def sees(audience: Audience, payload: type[Payload], field: str) -> bool:
    """Tell whether an audience sees a field of a payload."""
    return audience is Audience.AGENCY or field in shared_fields(payload, audience)


@cache
def shared_fields(payload: type[Payload], audience: Audience) -> frozenset[str]:
    """Return the fields that the linked municipality sees, or the receiver of its handover."""
    among = {Audience.MUNICIPALITY, audience}
    return frozenset(
        name for name, info in payload.model_fields.items() if _extra(info)["audience"] in among
    )


@cache
def all_fields() -> tuple[SharedField, ...]:
    """Return every field of every step, groups opened up."""
    return tuple(shared for step in STEPS for shared in _fields_of(step.label, step.payload))


def _fields_of(step_label: str, payload: type[Payload]) -> Iterator[SharedField]:
    for info in payload.model_fields.values():
        extra = _extra(info)
        inner = item_class(info.annotation) if extra["widget"] == Widget.GROUP else None
        audience = Audience(extra["audience"])
        if inner is not None and audience is Audience.AGENCY:
            yield from _fields_of(step_label, inner)
        else:
            yield SharedField(step_label, info.title or "", audience, extra["purpose"])


def item_class(annotation: Any) -> type[Payload] | None:
    """Return the payload class of the items of a repeated group."""
    if isinstance(annotation, type) and issubclass(annotation, Payload):
        return annotation
    return next((found for part in get_args(annotation) if (found := item_class(part))), None)


def _extra(info: Any) -> Mapping[str, Any]:
    extra: Mapping[str, Any] = info.json_schema_extra
    return extra
