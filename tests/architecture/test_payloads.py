"""Payloads: each field is declared, and what names a person stays out of an event's facts."""

import ast
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from tests.architecture.sources import Source, python
from workflows import effects
from workflows.new_member import NewMember
from workflows.payload import Audience, Line, OptionalProse, Payload, Prose, Widget, entry
from workflows.steps import STEPS, register

# Whatever field bears one of these names tells who somebody is.
NAMING = {
    "v_number", "bsn", "given_names", "family_name", "birth_date", "sex", "nationality",
    "languages", "email", "phone", "address", "network", "ambitions", "evidence",
}  # fmt: skip
# Texts of one's own words that name no person, and why.
IMPERSONAL = {"OfferHousing.landlord": "a housing association"}
_DECLARED = {"widget", "personal", "audience", "purpose"}


def payloads(base: type[Payload] = Payload) -> Iterator[type[Payload]]:
    """Yield every payload of the program."""
    for found in base.__subclasses__():
        if found.__module__.startswith("workflows."):
            yield found
        yield from payloads(found)


def undeclared(found: Iterable[type[Payload]]) -> list[str]:
    """Find fields without label, widget or audience, or shared without a purpose."""
    return [
        f"{payload.__name__}.{name}"
        for payload in found
        for name, info in payload.model_fields.items()
        if not _is_declared(info)
    ]


def _is_declared(info: FieldInfo) -> bool:
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or not set(extra) >= _DECLARED or not info.title:
        return False
    if not isinstance(extra["widget"], Widget) or not isinstance(extra["audience"], Audience):
        return False
    return extra["audience"] is Audience.AGENCY or bool(extra["purpose"])


def exposed(found: Iterable[type[Payload]]) -> list[str]:
    """Find fields that would put something personal into an event's facts."""
    return [
        f"{payload.__name__}.{name}"
        for payload in found
        for name, info in payload.model_fields.items()
        if name not in payload.personal_fields
        and f"{payload.__name__}.{name}" not in IMPERSONAL
        and (name in NAMING or _is_own_words(info) or _holds_personal(info.annotation))
    ]


def _is_own_words(info: FieldInfo) -> bool:
    text = str(info.annotation) + str(info.metadata)
    return "str" in text and "max_length=None" not in text and "max_length=" in text


def _holds_personal(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Payload):
        return bool(annotation.personal_fields)
    return any(_holds_personal(part) for part in get_args(annotation))


def leaking_facts(source: Source, personal: Iterable[str]) -> list[str]:
    """Find facts that a step makes from a personal value of its payload or of a person."""
    names = set(personal) | NAMING
    return [
        source.at(node, ast.unparse(node))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign)
        and any(_is_fact(target) for target in node.targets)
        and any(
            isinstance(part, ast.Attribute) and part.attr in names for part in ast.walk(node.value)
        )
    ]


def _is_fact(target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Attribute)
        and target.value.attr == "facts"
    )


def _personal_names() -> set[str]:
    return {name for payload in payloads() for name in payload.personal_fields}


def test_every_field_is_declared_holds() -> None:
    assert {step.payload for step in STEPS} <= set(payloads())
    assert undeclared(payloads()) == []


def test_every_field_is_declared_catches_a_planted_violation() -> None:
    with pytest.raises(TypeError, match="not declared with entry"):
        type("Bare", (Payload,), {"__annotations__": {"name": str}})
    nameless = type(
        "Nameless", (Payload,), {"__annotations__": {"a": int}, "a": entry("", Widget.NUMBER)}
    )
    shared = entry("Datum", Widget.DATE, audience=Audience.MUNICIPALITY)
    aimless = type("Aimless", (Payload,), {"__annotations__": {"a": date}, "a": shared})
    assert undeclared([nameless, aimless]) == ["Nameless.a", "Aimless.a"]


def test_nothing_personal_enters_the_facts_holds() -> None:
    assert exposed(payloads()) == []
    personal = _personal_names()
    assert [
        leak for source in python("workflows") for leak in leaking_facts(source, personal)
    ] == []
    named = set(NewMember.model_fields)
    assert named == set(NewMember.personal_fields)
    assert set(IMPERSONAL) <= {
        f"{payload.__name__}.{name}" for payload in payloads() for name in payload.model_fields
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bsn", str),
        ("remark", Prose),
        ("remark", OptionalProse),
        ("title", Line),
        ("people", list[NewMember]),
    ],
)
def test_nothing_personal_enters_the_facts_catches_a_planted_violation(
    name: str, kind: Any
) -> None:
    def planted(*, personal: bool) -> type[Payload]:
        field = entry("Veld", Widget.TEXT, personal=personal)
        return type("Planted", (Payload,), {"__annotations__": {name: kind}, name: field})

    assert exposed([planted(personal=False)]) == [f"Planted.{name}"]
    assert exposed([planted(personal=True)]) == []


@pytest.mark.parametrize(
    "line", ["situation.facts['who'] = payload.family_name", "s.facts['n'] = [m.bsn for m in a]"]
)
def test_no_step_leaks_into_the_facts_catches_a_planted_violation(line: str) -> None:
    assert leaking_facts(Source("workflows/steps/a.py", line), ())
    assert leaking_facts(Source("a.py", "s.facts['n'] = [m.person_id for m in a]"), ()) == []


def test_the_engine_puts_personal_values_apart() -> None:
    member = {
        "v_number": "9990000001",
        "given_names": "Testpersoon",
        "family_name": "Verzonnen",
        "birth_date": "1990-01-01",
        "sex": "female",
        "nationality": "SYR",
        "role": "head",
    }
    payload = register.Register.model_validate(
        {"permit_on": date(2017, 1, 2), "centre": "a" * 16, "members_to_add": [member]}
    )
    facts, detail = effects._split(payload)
    assert "Verzonnen" not in str(facts)
    assert "9990000001" not in str(facts)
    assert detail["members_to_add"][0]["family_name"] == "Verzonnen"
    with pytest.raises(ValidationError):
        register.Register.model_validate({"unknown": 1})
