"""What the engine is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from models.vocabulary import CaseState
from workflows.actor import Actor
from workflows.errors import InvalidPayload, Refused, WorkflowError
from workflows.payload import Payload
from workflows.step import Step

AnyPayload = TypeVar("AnyPayload", bound=BaseModel)


def parsed(kind: type[AnyPayload], values: Mapping[str, Any] | BaseModel) -> AnyPayload:
    """Return values as a payload; raises `InvalidPayload` with a message per field."""
    if isinstance(values, kind):
        return values
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InvalidPayload(_messages(error)) from error


@dataclass(frozen=True)
class Request:
    """A step to take by an actor on a case; `version` is the one that the actor saw.

    `key` makes the request idempotent per actor; a request without a key acts each time.
    """

    step: Step
    actor: Actor
    payload: Mapping[str, Any] | Payload
    case: str | None = None
    version: int | None = None
    key: str | None = None

    def validated(self) -> Payload:
        """Return the payload as its class; raises `InvalidPayload` with a message per field."""
        return parsed(self.step.payload, self.payload)

    @cached_property
    def payload_hash(self) -> bytes:
        """The hash by which a repeated submission is recognised."""
        # Of what was meant, not of how it was written: a form and a batch say it differently.
        whole = [self.step.code, self.case, self.validated()]
        return blake2b(to_json(whole), digest_size=32).digest()


@dataclass(frozen=True, slots=True)
class Result:
    """What a step did; `replayed` when an earlier submission had done it already."""

    case: str
    version: int
    state: CaseState
    event_id: int
    replayed: bool = False


Outcome = Result | WorkflowError

_WORDS = {
    "missing": "Vul dit veld in.",
    "string_too_short": "Vul dit veld in.",
    "string_too_long": "Gebruik hier ten hoogste {max_length} tekens.",
    "string_pattern_mismatch": "Dit is hier geen geldige invoer; let op vreemde tekens.",
    "string_unicode": "Deze tekst bevat tekens die niet kloppen. Typ de tekst opnieuw.",
    "date_from_datetime_parsing": "Schrijf de datum als dag-maand-jaar, zoals 31-01-2017.",
    "date_parsing": "Schrijf de datum als dag-maand-jaar, zoals 31-01-2017.",
    "date_type": "Vul een datum in.",
    "int_parsing": "Vul een heel getal in.",
    "int_type": "Vul een heel getal in.",
    "int_from_float": "Vul een heel getal in.",
    "bool_parsing": "Kies ja of nee.",
    "bool_type": "Kies ja of nee.",
    "enum": "Kies een van de mogelijkheden.",
    "literal_error": "Kies een van de mogelijkheden.",
    "greater_than_equal": "Vul een getal in van ten minste {ge}.",
    "less_than_equal": "Vul een getal in van ten hoogste {le}.",
    "too_long": "Vul hier ten hoogste {max_length} regels in.",
    "too_short": "Vul hier ten minste {min_length} in.",
    "list_type": "Kies een of meer mogelijkheden.",
    "extra_forbidden": "Dit veld hoort niet bij deze handeling.",
}


def _messages(error: ValidationError) -> dict[str, Refused]:
    found: dict[str, Refused] = {}
    for detail in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in detail["loc"]) or "form"
        found.setdefault(path, _message(detail, path))
    return found


def _message(detail: ErrorDetails, path: str) -> Refused:
    context = dict(detail.get("ctx") or {})
    raised = context.pop("error", None)
    if detail["type"] == "value_error":
        return Refused("invalid", str(raised), path)
    message = _WORDS.get(detail["type"], "Dit is hier geen geldige invoer.")
    return Refused(detail["type"], message, path, context)
