"""Bring the database to the tables of this version."""

import click
from sqlalchemy import make_url

from config import settings
from webapp.embedded import EngineUrls, engines


@click.command("migrate")
def command() -> None:
    """Make or update the tables, as the owner of the database."""
    with engines(settings.load()) as urls:
        click.echo(f"The database stands at migration {migrate(urls)}.")


def migrate(urls: EngineUrls) -> str:
    """Run the migrations and return the head; raises ClickException without an owner's URL."""
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
    migrations.upgrade(urls.database_owner_url, role)
    return migrations.head()
