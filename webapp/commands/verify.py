"""Recompute what is stored and name each difference."""

import json
from dataclasses import asdict

import click

from config import settings
from webapp.offline import opened
from workflows.quota.verify import verify


@click.command("verify")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(form: str) -> None:
    """Compare ledger, sums, cases and events with each other; ends with 1 on any difference."""
    chosen = settings.load()
    with opened(chosen) as program, program.engine.connect() as connection:
        found = list(verify(connection, chosen.sealing_key()))
    if form == "json":
        differences = [asdict(each) for each in found]
        click.echo(json.dumps({"count": len(found), "differences": differences}, indent=1))
    else:
        for each in found:
            click.echo(f"{each.kind}: {each.subject}: {each.expected} expected, {each.found} found")
        click.echo(f"{len(found)} differences.")
    if found:
        raise SystemExit(1)
