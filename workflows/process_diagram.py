"""The process as a diagram and as data, drawn from the steps themselves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from models.vocabulary import LIVE_STATES, CaseState
from workflows.permissions import RULES
from workflows.step import Step


class Transition(NamedTuple):
    """One way from a state (None: no case yet) to another, by a step."""

    source: CaseState | None
    target: CaseState
    step: str


def transitions(steps: Sequence[Step]) -> Iterator[Transition]:
    """Yield every change of state that a step may make, in the order of states and steps."""
    for source in (None, *CaseState):
        for step in steps:
            starts = step.opens_case if source is None else source in step.starts_from
            if starts:
                for target in CaseState:
                    if target in step.ends_in:
                        yield Transition(source, target, step.code)


def staying(steps: Sequence[Step]) -> dict[CaseState, list[str]]:
    """Return by state the steps that leave a case where it is."""
    found: dict[CaseState, list[str]] = defaultdict(list)
    for step in steps:
        if not step.ends_in:
            for state in CaseState:
                if state in step.starts_from:
                    found[state].append(step.code)
    return dict(found)


def mermaid(steps: Sequence[Step]) -> str:
    """Return a Mermaid state diagram; steps that change no state stand in a note."""
    lines = ["stateDiagram-v2"]
    for source, target, step in transitions(steps):
        start = "[*]" if source is None else source.value
        lines.append(f"    {start} --> {target.value}: {step}")
    lines += [f"    {state.value} --> [*]" for state in CaseState if state not in LIVE_STATES]
    stays = staying(steps)
    for state in CaseState:
        if state in stays:
            lines.append(f"    note right of {state.value}")
            lines += [f"        {code}" for code in stays[state]]
            lines.append("    end note")
    return "\n".join(lines) + "\n"


def described(steps: Sequence[Step]) -> dict[str, Any]:
    """Return states, steps with their roles, and transitions as plain data."""
    return {
        "states": [{"code": state.value, "live": state in LIVE_STATES} for state in CaseState],
        "steps": [
            {
                "code": step.code,
                "label": step.label,
                "explanation": step.explanation,
                "starts_from": [state.value for state in CaseState if state in step.starts_from],
                "ends_in": [state.value for state in CaseState if state in step.ends_in],
                "roles": sorted({role.value for role, _ in RULES[step.permission]}),
            }
            for step in steps
        ],
        "transitions": [
            {"from": source and source.value, "to": target.value, "step": step}
            for source, target, step in transitions(steps)
        ],
    }
