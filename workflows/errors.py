"""What can go wrong for a person, each with words that say what to do.

Messages are Dutch templates (the catalogues' msgids); `values` fill their named places.
"""

from dataclasses import dataclass, field
from datetime import datetime


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
        return "Dit dossier bestaat niet of u mag het niet zien."


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
        return f"{self.actor_name} heeft dit dossier zojuist gewijzigd."


class KeyReused(WorkflowError):
    """The idempotency key was used before for something else."""

    def __str__(self) -> str:
        """Return the message in Dutch."""
        return "Dit formulier is al eerder met een andere inhoud verstuurd."
