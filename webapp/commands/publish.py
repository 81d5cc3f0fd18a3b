"""Publish the official table as files that can be made again byte for byte."""

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click

from config import settings
from webapp.commands.standing import DAY, DAY_OR_INSTANT
from webapp.db import transaction
from webapp.offline import opened
from webapp.published import published_instant
from workflows.errors import Refused
from workflows.exchange.formats import Format
from workflows.quota.publication import Published, publish

SUMS = "SHA256SUMS"


@click.command("publish")
@click.option("--date", "valid", type=DAY, required=True, help="Counts what was booked before it.")
@click.option("--known", type=DAY_OR_INSTANT, help="As known then; without it, at this instant.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the files; made when it is not there.",
)
def command(valid: datetime, known: datetime | None, folder: Path) -> None:
    """Write CSV, XLSX, ODS and JSON of every level with their hashes, and keep the publication.

    A day as --known means the last publication of that day, or else its end. Made again from the
    same dates, the files are the same.
    """
    chosen = settings.load()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"taakstelling-{valid.date().isoformat()}"

    def place(form: Format) -> AbstractContextManager[BinaryIO]:
        return (folder / f"{name}.{form}").open("w+b")

    with opened(chosen) as program, transaction(program.engine) as connection:
        moment = program.clock.moment()
        zone = ZoneInfo(chosen.timezone)
        instant = published_instant(connection, valid.date(), known, zone, moment)
        try:
            made = publish(connection, None, valid.date(), instant, moment, place)
        except Refused as error:
            raise click.ClickException(str(error)) from error
    write_sums(folder, name, made)
    click.echo(json.dumps(_content(made, name), ensure_ascii=False, indent=1))


def write_sums(folder: Path, name: str, made: Published) -> None:
    """Write the hashes as `sha256sum --check` reads them."""
    lines = [f"{digest}  {name}.{form}\n" for form, digest in sorted(made.hashes.items())]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def _content(made: Published, name: str) -> dict[str, object]:
    return {
        "reference": made.reference,
        "valid": made.valid.isoformat(),
        "known": made.known.astimezone(UTC).isoformat(),
        "definition": made.definition,
        "files": {f"{name}.{form}": digest for form, digest in sorted(made.hashes.items())},
    }
