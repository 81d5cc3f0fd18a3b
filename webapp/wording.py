"""Puts what an event recorded into words: codes, days, places and people by name."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args

from flask_babel import format_date, format_decimal, gettext

from webapp import labels, occupations
from webapp.labels.happenings import HAPPENED
from workflows.payload import Payload, Widget, declared
from workflows.reading.case import MemberView
from workflows.reading.sharing import item_class
from workflows.reading.timeline import Change, Happening
from workflows.steps import BY_CODE

_NAME = ("given_names", "family_name")
_REASONS = ("reason", "explanation", "motivation", "wrong", "override_reason")
_TONES = {
    "ask_contest": "warning",
    "refuse_offer": "warning",
    "suspend": "warning",
    "correct": "warning",
    "end": "danger",
    "release_link": "warning",
    "withdraw_offer": "warning",
    "sign_off": "success",
    "house": "success",
    "close": "success",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key: members, municipalities, centres and colleagues."""

    people: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One of a group, such as a member: what it is called, and its other fields in words."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words; `items` holds a group one by one."""

    field: str
    new: str
    old: str | None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a timeline."""

    title: str
    at: datetime
    actor: str
    organisation: str
    changes: list[Told]
    reason: str | None
    tone: str


def needed_places(events: list[Happening]) -> tuple[set[str], set[str | int]]:
    """Return the municipality codes, and the centres, users and regions, to be named.

    Centres and users stand by reference or key, labour-market regions by number as text.
    """
    codes: set[str] = set()
    references: set[str | int] = set()
    for event in events:
        for change in event.changes:
            widget = _widget(event.step, change.name)
            for value in (change.new, change.old):
                if isinstance(value, str) and widget is Widget.MUNICIPALITY:
                    codes.add(value)
                elif isinstance(value, str | int) and widget in {Widget.CENTRE, Widget.USER}:
                    references.add(value)
                elif widget is Widget.LABOUR_REGIONS and isinstance(value, list):
                    references |= {f"region {number}" for number in value}
                elif widget is Widget.GROUP and isinstance(value, list):
                    codes |= {each["municipality"] for each in value if "municipality" in each}
    return codes, references


def people(members: list[MemberView]) -> dict[str, str]:
    """Return the names of members by reference."""
    return {member.reference: member.name for member in members}


def entries(events: list[Happening], names: Names) -> list[Entry]:
    """Return events as a timeline shows them."""
    return [_entry(event, names) for event in events]


def _entry(event: Happening, names: Names) -> Entry:
    told, reason = [], None
    if event.from_state is not None and event.from_state != event.to_state:
        told.append(Told(gettext("Stand"), _state(event.to_state), _state(event.from_state)))
    for change in event.changes:
        if change.name in _REASONS and _widget(event.step, change.name) is Widget.PROSE:
            reason = str(change.new)
        else:
            told += _told(event.step, change, names)
    return Entry(
        gettext(HAPPENED[event.step]),
        event.at,
        event.actor,
        event.organisation,
        told,
        reason,
        _TONES.get(event.step, "info" if event.from_state != event.to_state else "neutral"),
    )


def _state(code: str) -> str:
    return labels.literal_label(code)


def _widget(step: str, name: str) -> Widget:
    return declared(BY_CODE[step].payload.model_fields[name]).widget


def _told(step: str, change: Change, names: Names) -> list[Told]:
    info: Any = BY_CODE[step].payload.model_fields[change.name]
    if change.new in (None, "", [], False) and change.old is None:
        return []
    if _widget(step, change.name) in {Widget.FILE, Widget.DOCUMENT}:
        # A reference, which tells a reader nothing.
        return []
    if change.old is None and declared(info).widget is Widget.GROUP:
        items = tuple(_items(info, change.new, names))
        if items:
            return [Told(gettext(info.title or change.name), "", None, items)]
    new = value_in_words(info, change.new, names)
    old = None if change.old is None else value_in_words(info, change.old, names)
    return [Told(gettext(info.title or change.name), new, old)]


def value_in_words(info: Any, value: Any, names: Names) -> str:  # noqa: PLR0911 - one line per widget
    """Return a recorded value as a person reads it."""
    widget = declared(info).widget
    match widget:
        case Widget.DATE:
            return str(format_date(date.fromisoformat(str(value)), "d MMMM yyyy"))
        case Widget.YES_NO:
            return str(gettext("Ja") if value else gettext("Nee"))
        case Widget.MEMBER:
            return names.people.get(str(value)) or str(gettext("iemand anders"))
        case Widget.MUNICIPALITY | Widget.CENTRE | Widget.USER:
            return names.places.get(str(value), str(value))
        case Widget.OCCUPATION:
            return occupations.name(str(value))
        case Widget.GROUP if isinstance(value, list):
            return "; ".join(_group(info, value, names))
        case _ if isinstance(value, list):
            return ", ".join(_word(info, widget, part, names) for part in value)
        case _:
            return _word(info, widget, value, names)


def _word(info: Any, widget: Widget, value: Any, names: Names) -> str:
    if widget is Widget.MEMBERS:
        return names.people.get(str(value)) or str(gettext("iemand anders"))
    if widget is Widget.LABOUR_REGIONS:
        return names.places.get(f"region {value}", str(value))
    if widget in {Widget.CHOICE, Widget.CHOICES}:
        kind = _enumeration(info.annotation)
        return labels.label(str(value), kind) if kind else labels.literal_label(str(value))
    if widget is Widget.NUMBER:
        # An amount of money keeps its cents.
        return str(format_decimal(str(value), "#,##0.00" if "." in str(value) else None))
    return str(value)


def _group(info: Any, items: list[Any], names: Names) -> list[str]:
    """Return a line for each of a group, with the names of its fields in front of the values."""
    inner = item_class(info.annotation)
    if inner is None:
        return [str(len(items))]
    return [
        ", ".join(f"{label}: {words}" for label, words in _pairs(inner, item, names).values())
        for item in items
    ]


def _items(info: Any, items: list[Any], names: Names) -> list[Item]:
    """Return each of a group, a person by name and anything else by its first field."""
    inner = item_class(info.annotation)
    return [] if inner is None else [_item(_pairs(inner, item, names)) for item in items]


def _item(pairs: dict[str, tuple[str, str]]) -> Item:
    called = [name for name in _NAME if name in pairs] or list(pairs)[:1]
    title = " ".join(pairs.pop(name)[1] for name in called)
    return Item(title, tuple(pairs.values()))


def _pairs(inner: type[Payload], item: dict[str, Any], names: Names) -> dict[str, tuple[str, str]]:
    return {
        name: (gettext(info.title or name), value_in_words(info, item[name], names))
        for name, info in inner.model_fields.items()
        if item.get(name) not in (None, "", [])
    }


def _enumeration(annotation: Any) -> type[StrEnum] | None:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return annotation
    return next((found for part in get_args(annotation) if (found := _enumeration(part))), None)
