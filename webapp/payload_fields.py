"""Makes a form from a payload: a field for each of its fields, by the widget that is declared."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from flask import url_for
from flask_babel import gettext
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from wtforms import Field, FieldList, Form, FormField

from webapp import fields
from webapp.fields import Option, Shows, choices
from webapp.labels import label, literal_label
from webapp.sources import Sources
from workflows.payload import Payload, Widget, declared
from workflows.reading.sharing import item_class

# Asked of everybody but a few; the help text or the refusal says of whom not.
DEPENDING = frozenset({"centre", "v_number"})
COUNTRY = "^[A-Z]{3}$"
COUNTRIES = ("SYR", "ERI", "IRQ", "AFG", "IRN", "SOM", "ETH", "SDN", "TUR", "YEM", "XXX")


def form_class(payload: type[Payload], sources: Sources) -> type[Form]:
    """Return a form with a field for each field of a payload."""
    made = {
        name: _field(name, info, sources)
        for name, info in payload.model_fields.items()
        if declared(info).widget is not Widget.HIDDEN
    }
    return type(payload.__name__, (Form,), made)


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
    widget = declared(info).widget
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
