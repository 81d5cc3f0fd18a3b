"""What can go wrong for a person, each with words that say what to do.

Messages are Dutch templates (the catalogues' msgids); `values` fill their named places.
"""

from dataclasses import dataclass, field
from datetime import datetime

_WORDS = {
    "not_found": "Dit dossier bestaat niet of u mag het niet zien.",
    "key_reused": "Dit formulier is al eerder met een andere inhoud verstuurd.",
    "changed_by": "Dit dossier is zojuist gewijzigd door {name}.",
}


class WorkflowError(Exception):
    """Base of everything that the workflows refuse."""


@dataclass(eq=False)
class Refused(WorkflowError):
    """The rules of the process do not allow this step now; nothing was stored."""

    code: str
    message: str
    field_name: str | None = None
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the message in Dutch with its values."""
        return self.message.format_map(self.values)


@dataclass(eq=False)
class InvalidPayload(WorkflowError):
    """The payload is not well-formed; `errors` gives a message per field path."""

    errors: dict[str, Refused]

    def __str__(self) -> str:
        """Return the fields and their messages in Dutch."""
        return "; ".join(f"{name}: {error}" for name, error in self.errors.items())


class NotFound(WorkflowError):
    """No such object for this actor: it does not exist or is not the actor's to see."""

    def __str__(self) -> str:
        """Return the message in Dutch."""
        return _WORDS["not_found"]


@dataclass(eq=False)
class StaleVersion(WorkflowError):
    """Someone else changed the case since the actor saw it."""

    seen: int
    current: int
    step: str
    actor_name: str
    at: datetime

    def __str__(self) -> str:
        """Return the message in Dutch."""
        return _WORDS["changed_by"].format(name=self.actor_name)


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person is told: a Dutch template (a msgid) and the values of its named places."""

    template: str
    values: dict[str, object] = field(default_factory=dict)


def saying(error: WorkflowError) -> Saying:
    """Return what an error says, to be kept and put into any language later."""
    match error:
        case Refused():
            plain: dict[str, object] = {
                name: value if isinstance(value, int) else str(value)
                for name, value in error.values.items()
            }
            return Saying(error.message, plain)
        case StaleVersion():
            return Saying(_WORDS["changed_by"], {"name": error.actor_name})
        case _:
            return Saying(str(error))


class KeyReused(WorkflowError):
    """The idempotency key was used before for something else."""

    def __str__(self) -> str:
        """Return the message in Dutch."""
        return _WORDS["key_reused"]
