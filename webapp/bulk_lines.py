"""A case among many, as the pages of bulk work show it."""

from dataclasses import dataclass

from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the preview or the result: `outcome` is taken, refused or waiting.

    `value` is what a form sends for it; the household is None when it is out of sight.
    """

    reference: str
    value: str
    name: str | None
    household_type: str | None
    persons: int | None
    outcome: str
    message: str | None


def said(message: str | None) -> str | None:
    """Return a refusal in the visitor's language, where its words hold no values."""
    if message is None:
        return None
    words: str = gettext(message)
    return words
