"""Bring the database to the tables of this version."""

import click
from sqlalchemy import make_url

from config import settings
from config.settings import Settings
from models import make_engine
from webapp.embedded import EngineUrls, engines


@click.command("migrate")
def command() -> None:
    """Make or update the tables, as the owner of the database."""
    chosen = settings.load()
    with engines(chosen) as urls:
        click.echo(f"The database stands at migration {migrate(urls, chosen)}.")


def migrate(urls: EngineUrls, chosen: Settings) -> str:
    """Run the migrations and return the head; raises ClickException without an owner's URL.

    After a migration of a database with cases, their terms are reckoned anew: what a migration
    fills in by SQL knows no holidays.
    """
    # Alembic is slow to import, and most commands never migrate.
    from models import migrations  # noqa: PLC0415

    if urls.database_owner_url is None:
        raise click.ClickException(
            "Migrations run as the owner of the database: set DATABASE_OWNER_URL. The program "
            "itself keeps to DATABASE_URL, whose role owns nothing."
        )
    role = make_url(urls.database_url).username
    if role is None:
        raise click.ClickException("DATABASE_URL names no user, so nobody can be given rights.")
    before, head = migrations.current(urls.database_owner_url), migrations.head()
    migrations.upgrade(urls.database_owner_url, role)
    if before not in {None, head}:
        _reckon_terms(urls, chosen)
    return head


def _reckon_terms(urls: EngineUrls, chosen: Settings) -> None:
    # The rules and their calendar are slow to import, and few starts follow a new migration.
    from webapp.clock import Clock  # noqa: PLC0415
    from webapp.db import transaction  # noqa: PLC0415 - the same
    from workflows.deadlines.rebuild import rebuild_terms  # noqa: PLC0415 - the same

    engine = make_engine(urls.database_url)
    try:
        with transaction(engine) as connection:
            changed = rebuild_terms(connection, Clock(engine, chosen).moment())
    finally:
        engine.dispose()
    click.echo(f"The terms of {changed} cases were reckoned anew.")
