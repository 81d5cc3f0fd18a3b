"""The diagram shows every step, and nothing that is not in the steps."""

import json
import re

from click.testing import CliRunner

from models.vocabulary import CaseState
from webapp.commands import process
from workflows.process_diagram import described, mermaid, staying, transitions
from workflows.steps import STEPS

ARROW = re.compile(r"    (\[\*\]|[a-z]+) --> ([a-z]+): ([a-z_]+)")


def test_every_change_of_state_is_an_arrow() -> None:
    arrows = set(ARROW.findall(mermaid(STEPS)))
    expected = {
        (source.value, target.value, step.code)
        for step in STEPS
        for source in step.starts_from
        for target in step.ends_in
    }
    assert arrows == expected | {("[*]", "registered", "register")}


def test_every_step_stands_in_the_diagram_once_per_state() -> None:
    moving = {step for _, _, step in transitions(STEPS)}
    still = {code for codes in staying(STEPS).values() for code in codes}
    assert moving | still == {step.code for step in STEPS}
    assert not moving & still


def test_every_state_is_reached_and_left() -> None:
    reached = {target for _, target, _ in transitions(STEPS)}
    left = {source for source, _, _ in transitions(STEPS)}
    assert reached == set(CaseState)
    assert left == {None, *CaseState} - {CaseState.CLOSED, CaseState.ENDED}


def test_finished_states_end_the_diagram() -> None:
    ends = re.findall(r"    ([a-z]+) --> \[\*\]", mermaid(STEPS))
    assert ends == ["closed", "ended"]


def test_the_command_prints_what_the_functions_give() -> None:
    drawn = CliRunner().invoke(process.command)
    assert drawn.output == mermaid(STEPS)
    listed = CliRunner().invoke(process.command, ["--format", "json"])
    assert json.loads(listed.output) == described(STEPS)
    assert {step["code"] for step in json.loads(listed.output)["steps"]} == {
        step.code for step in STEPS
    }
