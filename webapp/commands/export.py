"""Give data for another installation."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from config import settings
from webapp.commands.standing import DAY, DAY_OR_INSTANT
from webapp.offline import opened
from webapp.published import known_until
from workflows.exchange.history_export import give_history
from workflows.trail import now


@click.group("export")
def command() -> None:
    """Give data for another installation."""


@command.command("standings")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--date", "valid", type=DAY, required=True, help="Gives what was booked before it.")
@click.option("--known", type=DAY_OR_INSTANT, help="As known then; without it, now.")
def export_standings(file: Path, valid: datetime, known: datetime | None) -> None:
    """Write FILE as `import standings` reads it: sums per municipality, kind and day."""
    chosen = settings.load()
    with (
        opened(chosen) as program,
        program.engine.connect() as connection,
        file.open("wb") as stream,
    ):
        present = now(connection, program.clock.moment())
        instant = known_until(known, ZoneInfo(chosen.timezone)) if known else present
        rows = give_history(connection, None, valid.date(), instant, stream)
    click.echo(json.dumps({"rows": rows}))
