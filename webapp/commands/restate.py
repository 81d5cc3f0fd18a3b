"""Print what changed in a published table since."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from config import settings
from webapp.commands.standing import DAY, DAY_OR_INSTANT
from webapp.offline import opened
from webapp.published import known_until, published_instant
from workflows.errors import Refused
from workflows.quota.restate import ChangedLine, ChangedRow, Restatement, changed_lines, restate
from workflows.trail import now


@click.command("restate")
@click.option("--date", "valid", type=DAY, required=True, help="The date of the table.")
@click.option("--published", type=DAY_OR_INSTANT, required=True, help="When it was published.")
@click.option("--known", type=DAY_OR_INSTANT, help="As known then; without it, now.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
def command(
    valid: datetime,
    published: datetime,
    known: datetime | None,
    form: str,  # noqa: ARG001 - the option is part of the interface
) -> None:
    """Print the cells that changed, per level, and the lines that changed them."""
    chosen = settings.load()
    zone = ZoneInfo(chosen.timezone)
    with opened(chosen) as program, program.engine.connect() as connection:
        moment, day = program.clock.moment(), valid.date()
        present = now(connection, moment)
        first = published_instant(connection, day, published, zone, moment) or present
        last = present if known is None else known_until(known, zone)
        try:
            found = restate(connection, None, day, first, last)
        except Refused as error:
            raise click.ClickException(str(error)) from error
        lines = [_line(each) for each in changed_lines(connection, day, first, last)]
    content = _content(found) | {"lines": lines}
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_written))


def _written(value: date) -> str:
    """Return a day or an instant as text."""
    return value.isoformat()


def _content(found: Restatement) -> dict[str, Any]:
    return {
        "valid": found.valid,
        "published": found.published,
        "known": found.known,
        "definition": found.definition,
        "levels": {level.value: [_row(row) for row in rows] for level, rows in found.rows.items()},
    }


def _line(line: ChangedLine) -> dict[str, Any]:
    """Return a line without its case, which an operator's file does not name."""
    return {name: value for name, value in asdict(line).items() if name != "case"}


def _row(row: ChangedRow) -> dict[str, Any]:
    cells = {
        figure: {
            "published": cell.published,
            "restated": cell.restated,
            "difference": cell.difference,
        }
        for figure, cell in row.cells.items()
    }
    return {"code": row.code, "name": row.name, "cells": cells}
