"""Print the process, drawn from its steps."""

import json

import click

from workflows.process_diagram import described, mermaid
from workflows.steps import STEPS


@click.command("process")
@click.option("--format", "form", type=click.Choice(["mermaid", "json"]), default="mermaid")
def command(form: str) -> None:
    """Print the states and steps as a Mermaid diagram or as JSON."""
    if form == "mermaid":
        click.echo(mermaid(STEPS), nl=False)
    else:
        click.echo(json.dumps(described(STEPS), ensure_ascii=False, indent=1))
