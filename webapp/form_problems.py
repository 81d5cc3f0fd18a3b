"""Puts the problems of a refused form beside its fields, in the visitor's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from wtforms import Field, FieldList, Form, FormField

from workflows.errors import InvalidPayload, Refused


def show_problems(form: Form, problems: Mapping[str, Refused]) -> None:
    """Put each problem beside its field, or above the form when it belongs to none."""
    for path, refusal in problems.items():
        words = translated(refusal)
        if not _attach(form, path.split("."), words):
            form.form_errors.append(words)


def problems_of(error: InvalidPayload | Refused) -> dict[str, Refused]:
    """Return the problems of a refusal by field path."""
    if isinstance(error, InvalidPayload):
        return error.errors
    return {error.field_name or "form": error}


def translated(refusal: Refused) -> str:
    """Return the words of a refusal in the visitor's language."""
    try:
        return str(gettext(refusal.message)).format_map(refusal.values)
    except (KeyError, IndexError, ValueError):
        return refusal.message


def _attach(holder: Any, path: list[str], words: str) -> bool:
    """Put words at the end of a path; the lists on the way are marked, so that they count."""
    name, rest = path[0], path[1:]
    if isinstance(holder, FieldList):
        if not name.isdigit() or int(name) >= len(holder.entries):
            return False
        entry = holder.entries[int(name)]
        holder.errors = [*holder.errors, {"entry": name}]
        return _attach(entry, rest, words) if rest else _tell(entry, words)
    inner = holder.form if isinstance(holder, FormField) else holder
    if not isinstance(inner, Form) or name not in inner:
        # A path deeper than the form, such as one word of a list: the field itself is told.
        return isinstance(inner, Field) and _tell(inner, words)
    return _attach(inner[name], rest, words) if rest else _tell(inner[name], words)


def _tell(field: Any, words: str) -> bool:
    if isinstance(field, FormField):
        return False
    if words not in field.errors:
        field.errors = [*field.errors, words]
    return True
