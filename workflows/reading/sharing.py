"""Who sees which field and why, read from the payloads' own declarations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol, get_args

from models.vocabulary import ACCEPTED_HANDOVER
from workflows import policy
from workflows.actor import Actor
from workflows.payload import Audience, Payload, Widget, declared
from workflows.permissions import RULES, Permission, Relation
from workflows.policy import Located
from workflows.steps import STEPS

_MUNICIPAL = frozenset({Relation.LINKED_MUNICIPALITY, Relation.HOUSED_HERE})


@dataclass(slots=True)
class FieldGroup:
    """Fields that the same people see for the same reason; the texts are Dutch msgids."""

    audience: Audience
    purpose: str
    labels: list[str] = field(default_factory=list)
    step_labels: list[str] = field(default_factory=list)
    recorded_by_municipality: bool = False

    def add(self, label: str, step_label: str) -> None:
        """Take a field up, once however many steps record it."""
        if label not in self.labels:
            self.labels.append(label)
        if step_label not in self.step_labels:
            self.step_labels.append(step_label)


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


def sees(audience: Audience, payload: type[Payload], name: str) -> bool:
    """Tell whether an audience sees a field of a payload."""
    return audience is Audience.AGENCY or name in shared_fields(payload, audience)


@cache
def shared_fields(payload: type[Payload], audience: Audience) -> frozenset[str]:
    """Return the fields that the linked municipality sees, or the receiver of its handover."""
    among = {Audience.MUNICIPALITY, audience}
    return frozenset(
        name for name, info in payload.model_fields.items() if declared(info).audience in among
    )


@cache
def shared_groups() -> tuple[FieldGroup, ...]:
    """Return what municipalities see: the fields of one audience and purpose together."""
    found: dict[tuple[Audience, str], FieldGroup] = {}
    for step in STEPS:
        for label, audience, purpose in fields_of(step.payload):
            if audience is not Audience.AGENCY:
                group = found.setdefault((audience, purpose), FieldGroup(audience, purpose))
                group.add(label, step.label)
    return tuple(found[key] for key in sorted(found, key=_order))


@cache
def kept_groups() -> tuple[FieldGroup, ...]:
    """Return what is shared with nobody but who recorded it: the fields of each step together."""
    found = []
    for step in STEPS:
        rules = RULES[step.permission]
        municipal = any(relation in _MUNICIPAL for _, relation in rules)
        group = FieldGroup(Audience.AGENCY, "", recorded_by_municipality=municipal)
        for label, audience, _ in fields_of(step.payload):
            if audience is Audience.AGENCY:
                group.add(label, step.label)
        if group.labels:
            found.append(group)
    return tuple(found)


def _order(key: tuple[Audience, str]) -> tuple[bool, bool]:
    audience, purpose = key
    return audience is Audience.RECEIVER, not purpose


def fields_of(payload: type[Payload]) -> Iterator[tuple[str, Audience, str]]:
    """Yield label, audience and purpose of each field, and of those in a group of the agency's."""
    for info in payload.model_fields.values():
        said = declared(info)
        inner = item_class(info.annotation) if said.widget is Widget.GROUP else None
        if inner is not None and said.audience is Audience.AGENCY:
            yield from fields_of(inner)
        else:
            yield info.title or "", said.audience, said.purpose


def item_class(annotation: Any) -> type[Payload] | None:
    """Return the payload class of the items of a repeated group."""
    if isinstance(annotation, type) and issubclass(annotation, Payload):
        return annotation
    return next((found for part in get_args(annotation) if (found := item_class(part))), None)
