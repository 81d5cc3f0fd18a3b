"""Make rollups and balances anew from the ledger, terms and times in a state from the cases."""

import click

from config import settings
from webapp.db import transaction
from webapp.offline import opened
from workflows.deadlines.rebuild import rebuild_terms
from workflows.flow.dwelling import rebuild_dwelling
from workflows.quota.rebuild import rebuild


@click.command("rebuild")
def command() -> None:
    """Make the sums of the ledger, terms and times in a state anew; steps wait meanwhile."""
    with opened(settings.load()) as program, transaction(program.engine) as connection:
        now = program.clock.moment()
        rollups, terms = rebuild(connection, now), rebuild_terms(connection, now)
        dwelling = rebuild_dwelling(connection, now)
    click.echo(f"{rollups} rollups and all balances were made anew from the ledger.")
    click.echo(f"The terms of {terms} cases were other than their norms give.")
    click.echo(f"The time in a state of {dwelling} cases was other than their events give.")
