"""Form fields by the widgets that payloads name; each keeps what was typed, right or wrong."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than stubs
from wtforms.widgets import TextInput, html_params

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
# What a browser's form or a broken client may put where text stood.
UNREADABLE = "\ufffd"


class Shows:
    """Carries flags to the templates; it checks nothing, the payload does."""

    def __init__(self, **flags: Any) -> None:
        self.field_flags = {name: value for name, value in flags.items() if value is not None}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Check nothing."""


class DayInput(TextInput):
    """A date control; what is not a date is shown as text, since a browser would drop it."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return the control."""
        typed = field._value()  # noqa: SLF001 - WTForms' way for widgets
        readable = not typed or _ISO_DAY.fullmatch(typed)
        params = html_params(
            name=field.name,
            id=kwargs.pop("id", field.id),
            type="date" if readable else "text",
            value=typed,
            required=bool(field.flags.required),
            **kwargs,
        )
        return Markup("<input {}>").format(Markup(params))  # noqa: S704 - html_params escapes


class DayField(StringField):
    """A day, as a browser's date control sends it or as people write it: 31-01-2017."""

    widget = DayInput()

    def _value(self) -> str:
        value: Any = self.data
        return value.isoformat() if isinstance(value, date) else (value or "")


class IntegerField(StringField):
    """A whole number, kept as typed."""


class DecimalField(StringField):
    """An amount, kept as typed; a comma separates the decimals."""

    def _value(self) -> str:
        value: Any = self.data
        return str(value).replace(".", ",") if isinstance(value, Decimal) else (value or "")


class CommaListField(StringField):
    """Several words in one control, separated by commas."""

    def _value(self) -> str:
        value: Any = self.data
        return ", ".join(value) if isinstance(value, list) else (value or "")


class MunicipalityField(StringField):
    """A municipality by name or code, found while typing."""


class OccupationField(StringField):
    """An occupation by its title or code, found while typing."""


class CaseField(StringField):
    """Another case, by its reference or the V-number of somebody in it."""


class FileInput(TextInput):
    """A control for a file, with the one that was received before kept in the form."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return the control."""
        params = html_params(
            name=field.name,
            id=kwargs.pop("id", field.id),
            type="file",
            accept="application/pdf,image/png,image/jpeg",
            **kwargs,
        )
        return Markup("<input {}>").format(Markup(params))  # noqa: S704 - html_params escapes


class FileReferenceField(StringField):
    """A file that comes with the form; its value is the reference under which it is kept."""

    widget = FileInput()


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    value: str
    label: str


def choices(options: list[Option], blank: str | None = None) -> list[SelectChoice]:
    """Return options as WTForms wants them; `blank` is the words for choosing nothing."""
    first = [] if blank is None else [SelectChoice("", blank)]
    return first + [SelectChoice(each.value, each.label) for each in options]


def text_of(field: Field) -> str:
    """Return what was typed, with line ends as the database keeps them."""
    return str(field.data or "").replace("\r\n", "\n").replace("\r", "\n")


def day_of(typed: str) -> str:
    """Return a day as the payloads read it: ISO, also from 31-01-2017."""
    found = _DUTCH_DAY.fullmatch(typed.strip())
    if found is None:
        return typed.strip()
    day, month, year = (int(part) for part in found.groups())
    return f"{year:04d}-{month:02d}-{day:02d}"


def amount_of(typed: str) -> str:
    """Return an amount as the payloads read it, also from 1.250,50."""
    bare = typed.strip().removeprefix("€").strip()
    return bare.replace(".", "").replace(",", ".") if "," in bare else bare


__all__ = [
    "UNREADABLE",
    "CaseField",
    "CommaListField",
    "DayField",
    "DecimalField",
    "FileReferenceField",
    "IntegerField",
    "MunicipalityField",
    "OccupationField",
    "Option",
    "SelectField",
    "SelectMultipleField",
    "Shows",
    "StringField",
    "TextAreaField",
    "amount_of",
    "choices",
    "day_of",
    "text_of",
]
