"""The steps and their permissions: complete, reachable and as declared."""

import ast
import inspect
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from models.vocabulary import CaseState, Role
from tests.architecture.sources import Source, python
from workflows import policy
from workflows.permissions import RULES, Permission, Relation, Rule
from workflows.step import Step
from workflows.steps import STEPS

FINISHED = {CaseState.CLOSED, CaseState.ENDED}
PERMISSIONS = "workflows/permissions.py"


def repeated(codes: Iterable[str]) -> list[str]:
    """Find names that stand for two steps."""
    names = list(codes)
    return sorted({name for name in names if names.count(name) > 1})


def other_permissions(steps: Iterable[Step]) -> list[str]:
    """Find steps whose permission is not their own code."""
    return [step.code for step in steps if step.permission != step.code]


def without_rule(
    permissions: Iterable[str], rules: Mapping[Any, Sequence[Rule]], meanings: Iterable[Relation]
) -> list[str]:
    """Find permissions that nobody has, rules of no permission, and relations without a meaning."""
    wanted, known = set(permissions), set(meanings)
    found = [f"{name} has no rule" for name in sorted(wanted) if not rules.get(name)]
    found += [f"{name} is no permission" for name in sorted(set(rules) - wanted)]
    named = {relation for pairs in rules.values() for _, relation in pairs}
    return [*found, *(f"{relation} has no meaning" for relation in sorted(named - known))]


def unused(
    permissions: Iterable[Permission], steps: Iterable[Step], files: Iterable[Source]
) -> list[str]:
    """Find permissions that neither a step nor any code asks for."""
    asked = {step.permission.name for step in steps}
    for source in files:
        if source.path != PERMISSIONS:
            asked |= {
                node.attr
                for node in ast.walk(source.tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "Permission"
            }
    return [permission for permission in permissions if permission.name not in asked]


def dead_ends(steps: Iterable[Step]) -> list[str]:
    """Find states that no household reaches, or from which none gets to an end."""
    steps = list(steps)
    onward = {
        state: {end for step in steps if state in step.starts_from for end in step.ends_in}
        for state in CaseState
    }
    opened = {end for step in steps if step.opens_case for end in step.ends_in}
    reached = _closure(opened, onward)
    found = [f"{state} is never reached" for state in CaseState if state not in reached]
    return found + [
        f"{state} is never left"
        for state in CaseState
        if state not in FINISHED and not FINISHED & _closure(onward[state], onward)
    ]


def _closure(start: set[CaseState], onward: Mapping[CaseState, set[CaseState]]) -> set[CaseState]:
    seen: set[CaseState] = set()
    waiting = list(start)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += onward[state]
    return seen


def undeclared_ends(text: str, declared: Iterable[str]) -> list[str]:
    """Compare the states that `decide` returns with the declared ends of its step.

    `decide` may call functions of its own module that return a state; anything else that it
    returns is a finding, since nobody can see where the step ends.
    """
    functions = {
        node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)
    }
    returned: set[str] = set()
    unclear: list[str] = []
    waiting, seen = ["decide"], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Return) and node.value is not None:
                _collect(node.value, returned, waiting, unclear, functions)
    wanted = {CaseState(code).name for code in declared}
    return unclear + sorted(returned ^ wanted)


def _collect(
    value: ast.expr,
    returned: set[str],
    waiting: list[str],
    unclear: list[str],
    functions: Mapping[str, ast.FunctionDef],
) -> None:
    if isinstance(value, ast.IfExp):
        for part in (value.body, value.orelse):
            _collect(part, returned, waiting, unclear, functions)
    elif isinstance(value, ast.Attribute) and ast.unparse(value.value) == "CaseState":
        returned.add(value.attr)
    elif isinstance(value, ast.Call) and ast.unparse(value.func) in functions:
        waiting.append(ast.unparse(value.func))
    elif not (isinstance(value, ast.Constant) and value.value is None):
        unclear.append(f"line {value.lineno}: {ast.unparse(value)}")


def test_step_names_are_unique_holds() -> None:
    assert repeated(step.code for step in STEPS) == []
    assert repeated(step.label for step in STEPS) == []


def test_step_names_are_unique_catches_a_planted_violation() -> None:
    assert repeated([*(step.code for step in STEPS), "link"]) == ["link"]


def test_a_steps_permission_is_its_code_holds() -> None:
    assert other_permissions(STEPS) == []
    stems = {inspect.getmodule(step.decide).__name__.split(".")[-1] for step in STEPS}  # type: ignore[union-attr] # it has one
    assert stems == {step.code for step in STEPS}


def test_a_steps_permission_is_its_code_catches_a_planted_violation() -> None:
    assert other_permissions([replace(STEPS[0], permission=Permission.CLOSE)]) == ["register"]


def test_every_permission_has_a_rule_holds() -> None:
    assert without_rule(Permission, RULES, policy._RELATIONS) == []
    assert unused(Permission, STEPS, python("workflows", "webapp")) == []
    assert {role for pairs in RULES.values() for role, _ in pairs} == set(Role)


def test_every_permission_has_a_rule_catches_a_planted_violation() -> None:
    fewer = {name: pairs for name, pairs in RULES.items() if name is not Permission.LINK}
    assert without_rule(Permission, fewer, Relation) == ["link has no rule"]
    assert without_rule(Permission, {**RULES, Permission.LINK: ()}, Relation)
    assert without_rule(Permission, {**RULES, "fly": ()}, Relation) == ["fly is no permission"]
    assert without_rule(Permission, RULES, set(Relation) - {Relation.WARD})


def test_every_permission_is_used_catches_a_planted_violation() -> None:
    asks = Source("webapp/views/a.py", "may(actor, Permission.VERIFY)")
    assert unused([Permission.VERIFY], STEPS, [asks]) == []
    assert unused([Permission.VERIFY], STEPS, []) == ["verify"]
    assert unused([Permission.LINK], (), []) == ["link"]


def test_every_state_is_reached_and_left_holds() -> None:
    assert dead_ends(STEPS) == []


@pytest.mark.parametrize(
    ("without", "finding"),
    [
        ({"take_up"}, "preparing is never reached"),
        ({"close"}, "closed is never reached"),
        ({"register"}, "registered is never reached"),
        ({"judge_refusal", "end", "accept_offer", "release_link"}, "refused is never left"),
    ],
)
def test_every_state_is_reached_and_left_catches_a_planted_violation(
    without: set[str], finding: str
) -> None:
    assert finding in dead_ends(step for step in STEPS if step.code not in without)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_a_step_ends_where_it_says_holds(step: Step) -> None:
    module = sys.modules[step.decide.__module__]
    assert undeclared_ends(inspect.getsource(module), step.ends_in) == []


@pytest.mark.parametrize(
    "ending",
    [
        "return CaseState.CLOSED",
        "return CaseState.LINKED if a else CaseState.ENDED",
        "return _rest(a)",
        "return state_after(a)",
        "return None",
    ],
)
def test_a_step_ends_where_it_says_catches_a_planted_violation(ending: str) -> None:
    text = f"def decide(a, b):\n    {ending}\n\ndef _rest(a):\n    return CaseState.ENDED\n"
    assert undeclared_ends(text, ["linked"])
    assert undeclared_ends("def decide(a, b):\n    return CaseState.LINKED\n", ["linked"]) == []


def test_a_step_says_what_it_is_for() -> None:
    assert [step.code for step in STEPS if not step.label or not step.explanation] == []
