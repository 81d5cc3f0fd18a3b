"""The note under a form: which fields the municipality will see, and why."""

from typing import NamedTuple

from flask_babel import gettext

from workflows.payload import Audience, Payload
from workflows.reading.sharing import fields_of


class Shared(NamedTuple):
    """A field that the municipality sees, in words; without a purpose they are empty."""

    label: str
    purpose: str


def shared_with_municipality(payload: type[Payload]) -> list[Shared]:
    """Return which fields the municipality will see, and why."""
    return [
        Shared(gettext(label), gettext(purpose) if purpose else "")
        for label, audience, purpose in fields_of(payload)
        if audience is not Audience.AGENCY
    ]
