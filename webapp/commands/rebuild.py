"""Make rollups and balances anew from the ledger."""

import click

from config import settings
from webapp.db import transaction
from webapp.offline import opened
from workflows.quota.rebuild import rebuild


@click.command("rebuild")
def command() -> None:
    """Make the sums of the ledger anew; steps that post lines wait meanwhile."""
    with opened(settings.load()) as program, transaction(program.engine) as connection:
        rollups = rebuild(connection, program.clock.moment())
    click.echo(f"{rollups} rollups and all balances were made anew from the ledger.")
