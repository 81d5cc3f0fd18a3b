"""Print the official table of the quota for any two dates."""

import csv
import json
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from config import settings
from webapp.offline import opened
from webapp.published import known_until
from workflows.quota.table import Level, content, standing

LEVELS = tuple(level.value for level in Level)
DAY = click.DateTime(["%Y-%m-%d"])
DAY_OR_INSTANT = click.DateTime(
    [
        "%Y-%m-%d",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M:%S.%f",
        "%Y-%m-%dT%H:%M:%S.%f%z",
    ]
)


@click.command("standing")
@click.option("--date", "valid", type=DAY, required=True, help="Counts what was booked before it.")
@click.option("--known", type=DAY_OR_INSTANT, help="As known then; a day counts to its end.")
@click.option("--level", type=click.Choice(LEVELS), default=Level.NATION.value)
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json")
def command(valid: datetime, known: datetime | None, level: str, form: str) -> None:
    """Print the standing: a row for each area of the level, with how late it is."""
    chosen = settings.load()
    instant = None if known is None else known_until(known, ZoneInfo(chosen.timezone))
    with opened(chosen) as program, program.engine.connect() as connection:
        found = standing(connection, valid.date(), instant, Level(level))
    rows = [content(row, valid.date()) for row in found]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        write_csv(rows)


def write_csv(rows: list[dict[str, Any]]) -> None:
    """Write rows to the standard output as CSV with a head."""
    writer = csv.DictWriter(sys.stdout, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
