"""A case among many, as the pages of bulk work show it."""

from dataclasses import dataclass

from flask_babel import gettext

from workflows.errors import Saying


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the preview or the result: `outcome` is taken, refused or waiting.

    `value` is what a form sends for it; the household is None when it is out of sight. `place` is
    where a proposal links it.
    """

    reference: str
    value: str
    name: str | None
    household_type: str | None
    persons: int | None
    outcome: str
    message: str | None
    place: str | None = None


def said(message: Saying | None) -> str | None:
    """Return a refusal in the visitor's language."""
    if message is None:
        return None
    return str(gettext(message.template)).format_map(message.values)
