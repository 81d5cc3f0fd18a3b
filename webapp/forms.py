"""Makes the form of a step from its payload."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Literal, get_args, get_origin

from flask import url_for
from flask_babel import gettext
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, HiddenField

from webapp import fields
from webapp.fields import Option, Shows, choices
from webapp.labels import label, literal_label
from webapp.sources import Sources
from workflows.payload import Payload, Widget
from workflows.reading.sharing import item_class

VERSION, KEY = "form_version", "form_key"
KEY_BYTES = 18
# As the table's CHECK.
SHORTEST_KEY, LONGEST_KEY = 8, 100
_NAME = re.compile(r"[a-z0-9_-]{1,90}", re.ASCII)
# Asked of everybody but a few; the help text or the refusal says of whom not.
DEPENDING = frozenset({"centre", "v_number"})
COUNTRY = "^[A-Z]{3}$"
COUNTRIES = ("SYR", "ERI", "IRQ", "AFG", "IRN", "SOM", "ETH", "SDN", "TUR", "YEM", "XXX")


def new_key() -> str:
    """Return a random key that makes a form act at most once."""
    return secrets.token_urlsafe(KEY_BYTES)


def usable_key(typed: str, longest: int = LONGEST_KEY) -> str:
    """Return the key that a form sent, or a new one when it sent none that can be kept."""
    usable = SHORTEST_KEY <= len(typed) <= longest and typed.isascii() and typed.isprintable()
    return typed if usable else new_key()


def form_class(payload: type[Payload], sources: Sources) -> type[Form]:
    """Return a form with a field for each field of a payload."""
    made = {
        name: _field(name, info, sources)
        for name, info in payload.model_fields.items()
        if _widget(info) is not Widget.HIDDEN
    }
    return type(payload.__name__, (Form,), made)


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


def _extra(info: FieldInfo) -> Mapping[str, Any]:
    extra: Any = info.json_schema_extra
    return extra  # type: ignore[no-any-return]


def _widget(info: FieldInfo) -> Widget:
    return Widget(_extra(info)["widget"])


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(
        _is_list(part) for part in get_args(annotation) if get_origin(annotation) is not Literal
    )


def _codes(annotation: Any) -> list[Option]:
    """Return the codes that an annotation allows, with their words."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [Option(code.value, label(code)) for code in annotation]
    if get_origin(annotation) is Literal:
        return [Option(code, literal_label(code)) for code in get_args(annotation)]
    return next((found for part in get_args(annotation) if (found := _codes(part))), [])


@dataclass(frozen=True, slots=True)
class _Blueprint:
    """What every field has."""

    label: str
    description: str
    flags: Shows

    def make(self, kind: type[Field], **options: Any) -> Any:
        return kind(self.label, [self.flags], description=self.description, **options)


_PLAIN: dict[Widget, type[Field]] = {
    Widget.PROSE: fields.TextAreaField,
    Widget.DATE: fields.DayField,
    Widget.MUNICIPALITY: fields.MunicipalityField,
    Widget.OCCUPATION: fields.OccupationField,
    Widget.CASE: fields.CaseField,
    Widget.FILE: fields.FileReferenceField,
}
# The options of these are facts of the case or of the actor's organisations.
_SOURCES = {
    Widget.MEMBER: "member_options",
    Widget.MEMBERS: "member_options",
    Widget.CENTRE: "centre_options",
    Widget.LABOUR_REGIONS: "region_options",
    Widget.USER: "colleague_options",
    Widget.DOCUMENT: "document_options",
}
_SEVERAL = frozenset({Widget.CHOICES, Widget.MEMBERS, Widget.LABOUR_REGIONS})


def _field(name: str, info: FieldInfo, sources: Sources) -> Any:
    widget = _widget(info)
    required = _required(name, info)
    help_text = gettext(info.description) if info.description else ""
    flags = {"required": required, **_flags(name, info, widget)}
    plan = _Blueprint(gettext(info.title or name), help_text, Shows(**flags))
    if widget is Widget.GROUP:
        return _group(plan, info, sources)
    if widget in {Widget.TEXT, Widget.NUMBER} or widget in _PLAIN:
        return plan.make(_kind(widget, info.annotation))
    options = _options(widget, info, sources)
    if widget in _SEVERAL:
        return _choices(plan, options)
    return _choice(plan, options, required=required or widget is Widget.YES_NO)


def _kind(widget: Widget, annotation: Any) -> type[Field]:
    if widget is Widget.TEXT:
        return fields.CommaListField if _is_list(annotation) else fields.StringField
    if widget is Widget.NUMBER:
        whole = int in {annotation, *get_args(annotation)}
        return fields.IntegerField if whole else fields.DecimalField
    return _PLAIN[widget]


def _options(widget: Widget, info: FieldInfo, sources: Sources) -> Any:
    if widget is Widget.YES_NO:
        return [Option("true", gettext("Ja")), Option("false", gettext("Nee"))]
    if widget in _SOURCES:
        return getattr(sources, _SOURCES[widget])
    return _codes(info.annotation)


def _flags(name: str, info: FieldInfo, widget: Widget) -> dict[str, Any]:
    match widget:
        case Widget.MUNICIPALITY:
            return {"suggest_url": url_for("suggest.municipalities")}
        case Widget.OCCUPATION:
            return {"suggest_url": url_for("suggest.occupations")}
        case Widget.YES_NO:
            return {"widget": "yes_no"}
        case Widget.TEXT if is_country(info):
            return {"suggestions": COUNTRIES}
        case Widget.GROUP:
            words = {
                "members_to_add": (gettext("Persoon"), gettext("Persoon toevoegen")),
                "work_experience": (gettext("Baan"), gettext("Baan toevoegen")),
                "hard_criteria": (gettext("Criterium"), gettext("Criterium toevoegen")),
                "open_actions": (gettext("Lopende zaak"), gettext("Lopende zaak toevoegen")),
                "participants": (gettext("Deelnemer"), gettext("Deelnemer toevoegen")),
                "agreements": (gettext("Afspraak"), gettext("Afspraak toevoegen")),
            }
            item, add = words.get(name, (None, None))
            return {"item_label": item, "add_label": add}
        case _:
            return {}


def is_country(info: FieldInfo) -> bool:
    """Tell whether a field holds the code of a country."""
    return any(getattr(each, "pattern", None) == COUNTRY for each in info.metadata)


def _required(name: str, info: FieldInfo) -> bool:
    """Tell whether a value must be given, or stands there already."""
    if info.is_required() or name in DEPENDING:
        return True
    return info.default_factory is None and info.default not in {None, PydanticUndefined}


def _choice(plan: _Blueprint, options: list[Option], *, required: bool) -> Any:
    blank = gettext("Maak een keuze") if required else gettext("Niet ingevuld")
    plan.flags.field_flags.setdefault("widget", "choice" if required else "select")
    return plan.make(fields.SelectField, choices=choices(options, blank), validate_choice=False)


def _choices(plan: _Blueprint, options: list[Option]) -> Any:
    return plan.make(fields.SelectMultipleField, choices=choices(options), validate_choice=False)


def _group(plan: _Blueprint, info: FieldInfo, sources: Sources) -> Any:
    inner = item_class(info.annotation)
    if inner is None:
        raise TypeError(f"{plan.label} repeats no payload")
    return FieldList(
        FormField(form_class(inner, sources), plan.label),
        plan.label,
        [plan.flags],
        description=plan.description,
        min_entries=1 if info.is_required() else 0,
    )


def shared_with_municipality(payload: type[Payload]) -> list[SimpleNamespace]:
    """Return which fields the municipality will see, and why, for the note under a form."""
    found: list[SimpleNamespace] = []
    for info in payload.model_fields.values():
        inner = item_class(info.annotation) if _widget(info) is Widget.GROUP else None
        if _extra(info)["audience"] != "agency":
            found.append(_shared(info))
        elif inner is not None:
            found += shared_with_municipality(inner)
    return found


def _shared(info: FieldInfo) -> SimpleNamespace:
    purpose = _extra(info)["purpose"]
    title = info.title or "?"
    return SimpleNamespace(label=gettext(title), purpose=gettext(purpose) if purpose else "")
