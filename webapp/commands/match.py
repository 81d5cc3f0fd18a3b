"""Propose links for all households that wait, or fit a model, from the command line."""

import json
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import Connection

from config import settings
from models import MatchingRun
from models.vocabulary import RunKind, RunStatus
from webapp.clock import Clock
from webapp.db import transaction
from webapp.offline import opened
from workflows.errors import WorkflowError
from workflows.matching import runs
from workflows.matching.fairness_report import result
from workflows.matching.fitted import keeping
from workflows.matching.program import program_placement_officer
from workflows.matching.propose import Answer, answer, read_input, write_proposals
from workflows.moment import Moment
from workflows.own_run import own_run


@click.group("match")
def command() -> None:
    """Propose promising links, and learn from what became of them."""


@command.command("fit")
def fit() -> None:
    """Fit a model on the recorded outcomes and keep it; a person switches it on, or nobody."""
    chosen = settings.load()
    with opened(chosen) as program:
        moment = Clock(program.engine, chosen).moment()
        try:
            with transaction(program.engine) as connection:
                version = keeping.fit(connection, moment)
        except WorkflowError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Version {version} holds all outcomes. Its report is at /koppelen/model/{version}.")


@command.command("run")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--dry-run", is_flag=True, help="Propose nothing; only print what would be.")
def run(form: str, *, dry_run: bool) -> None:
    """Solve for every household that waits, keep the proposals and print them."""
    chosen = settings.load()
    with opened(chosen) as program:
        moment = Clock(program.engine, chosen).moment()
        with transaction(program.engine) as connection:
            actor = program_placement_officer(connection, moment)
            try:
                given = read_input(connection, actor, runs.Wish().as_json(), moment)
            except WorkflowError as error:
                raise click.ClickException(str(error)) from error
        try:
            found = answer(given, lambda _percent: None)
        except WorkflowError as error:
            raise click.ClickException(str(error)) from error
        with transaction(program.engine) as connection:
            said = result(connection, found)
            if not dry_run:
                _keep(connection, found, said, moment)
    click.echo(_text(said) if form == "text" else json.dumps(_content(found, said), indent=1))


def _keep(connection: Connection, found: Answer, said: dict[str, Any], moment: Moment) -> None:
    actor = program_placement_officer(connection, moment)
    reference = runs.start(connection, actor, runs.Wish(), moment, kind=RunKind.BATCH)
    run = own_run(connection, MatchingRun, actor, reference)
    said["households_proposed"] = write_proposals(connection, run.id, found, moment)
    runs.end(connection, reference, RunStatus.DONE, moment, result=said)


def _content(found: Answer, said: dict[str, Any]) -> dict[str, Any]:
    households = zip(found.assembled.scene.households, found.explanations, strict=True)
    return {
        "summary": said,
        "proposals": [
            {"case": household.reference, **asdict(explanation)}
            for household, explanation in households
        ],
    }


def _text(said: dict[str, Any]) -> str:
    return (
        f"{said['households_placed']} of {said['households']} households, "
        f"{said['persons_placed']} of {said['persons']} persons; "
        f"objective {said['objective']:.3f}, no plan exceeds {said['bound']:.3f}."
    )
