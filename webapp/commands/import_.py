"""Take over what was kept before the program."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from config import settings
from webapp.db import transaction
from webapp.offline import opened
from workflows.errors import Refused
from workflows.exchange.history import InvalidHistory, take_over
from workflows.matching.data import Row
from workflows.matching.table_import import TABLES, take_table


@click.group("import")
def command() -> None:
    """Take over what was kept before the program."""


@command.command("standings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and store nothing.")
def import_standings(file: Path, *, dry_run: bool) -> None:
    """Take over FILE (municipality_code,half_year,kind,persons,booked_on): all of it or nothing.

    What was taken over before is left out, so that a file may be given again.
    """
    with opened(settings.load()) as program, file.open("rb") as stream:
        try:
            with transaction(program.engine) as connection:
                taken = take_over(connection, None, stream, program.clock.moment(), dry_run=dry_run)
        except (InvalidHistory, Refused) as error:
            raise click.ClickException(str(error)) from error
    click.echo(json.dumps(asdict(taken) | {"dry_run": dry_run}))


def _table_command(name: str, kind: type[Row]) -> click.Command:
    @click.command(
        name, help=f"Store FILE ({','.join(kind.columns())}): all of it or nothing, at will again."
    )
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Check everything and store nothing.")
    def import_table(file: Path, *, dry_run: bool) -> None:
        with opened(settings.load()) as program, file.open("rb") as stream:
            moment = program.clock.moment()
            try:
                with transaction(program.engine) as connection:
                    taken = take_table(connection, None, kind, stream, moment, dry_run=dry_run)
            except (InvalidHistory, Refused) as error:
                raise click.ClickException(str(error)) from error
        click.echo(json.dumps(asdict(taken) | {"dry_run": dry_run}))

    return import_table


for _name, _kind in TABLES.items():
    command.add_command(_table_command(_name, _kind))
