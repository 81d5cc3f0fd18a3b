"""Reads what was typed into a form back into the input of a payload."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic.fields import FieldInfo
from wtforms import FieldList, Form

from webapp import fields
from webapp.marking import N_
from webapp.payload_fields import is_country
from webapp.sources import Sources
from workflows.errors import InvalidPayload, Refused
from workflows.payload import Payload
from workflows.reading.sharing import item_class

Kind = TypeVar("Kind")
_UNREADABLE = N_("Deze tekst bevat tekens die niet kloppen. Typ de tekst opnieuw.")


class Reading:
    """What a form says, as the input of a payload, with the problems found on the way."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.problems: dict[str, Refused] = {}

    def read(self, form: Form, payload: type[Payload], path: str = "") -> dict[str, Any]:
        """Return the values under the payload's names; what was left blank is left out."""
        values = {}
        for name, info in payload.model_fields.items():
            if name not in form:
                continue
            value = self._value(form[name], info, f"{path}{name}")
            if value not in (None, "", []):
                values[name] = value
        return values

    def checked(self, validate: Callable[[], Kind]) -> Kind:
        """Return what `validate` makes of the values that were read.

        Raises `InvalidPayload` with everything found wrong, in reading and in validating.
        """
        try:
            payload = validate()
        except InvalidPayload as error:
            raise InvalidPayload({**error.errors, **self.problems}) from error
        if self.problems:
            raise InvalidPayload(self.problems)
        return payload

    def _value(self, field: Any, info: FieldInfo, path: str) -> Any:
        if isinstance(field, FieldList):
            return self._items(field, info, path)
        if isinstance(field, fields.SelectMultipleField):
            return list(field.data or [])
        typed = fields.text_of(field)
        if fields.UNREADABLE in typed or "\x00" in typed:
            self.problems[path] = Refused("unreadable", _UNREADABLE, path)
        elif typed.strip():
            return self._converted(field, info, typed, path)
        return None

    def _converted(self, field: Any, info: FieldInfo, typed: str, path: str) -> Any:  # noqa: PLR0911 - one line per kind
        match field:
            case fields.DayField():
                return fields.day_of(typed)
            case fields.DecimalField():
                return fields.amount_of(typed)
            case fields.IntegerField():
                return typed.strip()
            case fields.CommaListField():
                return [word.strip() for word in re.split(r"[,;\n]", typed) if word.strip()]
            case fields.MunicipalityField():
                return self._resolved(self._sources.municipality, typed, path)
            case fields.OccupationField():
                return self._resolved(self._sources.occupation, typed, path)
            case fields.CaseField():
                return self._resolved(self._sources.other_case, typed, path)
            case _:
                return typed.strip().upper() if is_country(info) else typed

    def _resolved(self, resolve: Any, typed: str, path: str) -> str:
        try:
            found: str = resolve(typed)
        except Refused as refusal:
            self.problems[path] = refusal
            return typed
        return found

    def _items(self, field: Any, info: FieldInfo, path: str) -> list[dict[str, Any]]:
        inner = item_class(info.annotation)
        if inner is None:
            return []
        if not info.is_required():
            field.entries = [each for each in field.entries if not _is_blank(each.form)]
        return [
            self.read(entry.form, inner, f"{path}.{index}.")
            for index, entry in enumerate(field.entries)
        ]


def _is_blank(form: Form) -> bool:
    return not any(str(each.data or "").strip() for each in form)
