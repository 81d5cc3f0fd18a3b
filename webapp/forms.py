"""The form of a step: its key and version, and what a browser sends of it."""

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, HiddenField

from webapp.payload_fields import form_class
from webapp.sources import Sources
from workflows.payload import Payload

VERSION, KEY = "form_version", "form_key"
KEY_BYTES = 18
# As the table's CHECK.
SHORTEST_KEY, LONGEST_KEY = 8, 100
_NAME = re.compile(r"[a-z0-9_-]{1,90}", re.ASCII)


def new_key() -> str:
    """Return a random key that makes a form act at most once."""
    return secrets.token_urlsafe(KEY_BYTES)


def usable_key(typed: str, longest: int = LONGEST_KEY) -> str:
    """Return the key that a form sent, or a new one when it sent none that can be kept."""
    usable = SHORTEST_KEY <= len(typed) <= longest and typed.isascii() and typed.isprintable()
    return typed if usable else new_key()


def step_form(
    payload: type[Payload],
    sources: Sources,
    *,
    typed: MultiDict[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Form:
    """Return the form of a step: empty with `given` values, or with what was typed."""
    base = form_class(payload, sources)
    whole = type(payload.__name__, (base,), {VERSION: HiddenField(), KEY: HiddenField()})
    if typed is not None:
        filled: Form = whole(formdata=readable(typed))
        return filled
    start = {VERSION: "" if version is None else str(version), KEY: new_key()}
    empty: Form = whole(data={**(given or {}), **start})
    return empty


def readable(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was typed under names that a form can have, without what is to be removed."""
    removed = tuple(
        f"{name.removeprefix('remove-')}-" for name in typed if name.startswith("remove-")
    )
    return MultiDict(
        (name, value)
        for name, value in typed.items(multi=True)
        if _NAME.fullmatch(name) and not (removed and name.startswith(removed)) and _few(name)
    )


def _few(name: str) -> bool:
    """Tell whether the numbers in a name are such as a group can have."""
    digits = [part for part in name.split("-") if part.isdigit()]
    return all(len(part) <= 3 for part in digits)  # noqa: PLR2004 - up to 999


def regrouped(form: Form, typed: MultiDict[str, str]) -> bool:
    """Add a group when its button was pressed; tells whether that or a removal was asked."""
    asked = any(name.startswith("remove-") for name in typed)
    for found in _lists(form):
        if f"add-{found.name}" in typed:
            found.append_entry()
            asked = True
    return asked


def _lists(form: Form) -> Iterator[Any]:
    for each in form:
        if isinstance(each, FieldList):
            yield each
            for entry in each.entries:
                if isinstance(entry, FormField):
                    yield from _lists(entry.form)
